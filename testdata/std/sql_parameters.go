// golden: run
// database/sql over a driver of its own: parameters reach the driver as values, never as text of the query.
package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
)

type memory struct{ users map[string]int64 }
type conn struct{ db *memory }
type stmt struct {
	c     *conn
	query string
}
type rows struct{ ages []int64 }
type tx struct{}

func (m *memory) Open(string) (driver.Conn, error)    { return &conn{m}, nil }
func (c *conn) Prepare(q string) (driver.Stmt, error) { return &stmt{c, q}, nil }
func (c *conn) Close() error                          { return nil }
func (c *conn) Begin() (driver.Tx, error)             { return tx{}, nil }
func (tx) Commit() error                              { return nil }
func (tx) Rollback() error                            { fmt.Println("rolled back"); return nil }
func (s *stmt) Close() error                          { return nil }
func (s *stmt) NumInput() int                         { return -1 }
func (s *stmt) Exec(a []driver.Value) (driver.Result, error) {
	s.c.db.users[a[0].(string)] = a[1].(int64)
	return driver.RowsAffected(1), nil
}
func (s *stmt) Query(a []driver.Value) (driver.Rows, error) {
	fmt.Printf("driver: %q %q\n", s.query, a)
	if age, ok := s.c.db.users[a[0].(string)]; ok {
		return &rows{[]int64{age}}, nil
	}
	return &rows{}, nil
}
func (r *rows) Columns() []string { return []string{"age"} }
func (r *rows) Close() error      { return nil }
func (r *rows) Next(dest []driver.Value) error {
	if len(r.ages) == 0 {
		return io.EOF
	}
	dest[0], r.ages = r.ages[0], r.ages[1:]
	return nil
}

func main() {
	sql.Register("memory", &memory{map[string]int64{}})
	db, err := sql.Open("memory", "")
	if err != nil {
		panic(err)
	}
	defer db.Close()
	res, err := db.Exec("INSERT INTO users VALUES (?, ?)", "ann", 30)
	n, _ := res.RowsAffected()
	fmt.Println(n, err)
	for _, input := range []string{"ann", "x' OR '1'='1"} {
		var age int
		err := db.QueryRowContext(context.Background(), "SELECT age FROM users WHERE name = ?", input).Scan(&age)
		fmt.Println(age, err, errors.Is(err, sql.ErrNoRows))
	}
	t, err := db.Begin()
	fmt.Println(err, t.Rollback(), t.Commit())
	var ns sql.NullInt64
	fmt.Println(ns.Scan(nil), ns.Valid, sql.Drivers())
}
/* golden
stdout:
1 <nil>
driver: "SELECT age FROM users WHERE name = ?" ["ann"]
30 <nil> false
driver: "SELECT age FROM users WHERE name = ?" ["x' OR '1'='1"]
0 sql: no rows in result set true
rolled back
<nil> <nil> sql: transaction has already been committed or rolled back
<nil> false [memory]
*/
