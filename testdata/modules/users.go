// users: database/sql over go-sqlite3, as programs use it: values are parameters, never text of a
// query.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	_ "github.com/mattn/go-sqlite3"
)

type user struct {
	id     int64
	name   string
	email  sql.NullString
	photo  []byte
	joined time.Time
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func named(db *sql.DB, name string) (users []user) {
	rows, err := db.Query("SELECT id, name, email, photo, joined FROM users WHERE name = ? ORDER BY id", name)
	check(err)
	defer rows.Close()
	for rows.Next() {
		var u user
		check(rows.Scan(&u.id, &u.name, &u.email, &u.photo, &u.joined))
		users = append(users, u)
	}
	check(rows.Err())
	return users
}

func transfer(db *sql.DB, from, to int, amount int) (err error) {
	tx, err := db.BeginTx(context.Background(), nil)
	check(err)
	defer func() {
		if err != nil {
			tx.Rollback()
		} else {
			err = tx.Commit()
		}
	}()
	var left int
	check(tx.QueryRow("UPDATE accounts SET balance = balance - ? WHERE id = ? RETURNING balance", amount, from).Scan(&left))
	if left < 0 {
		return fmt.Errorf("account %d lacks %d", from, -left)
	}
	_, err = tx.Exec("UPDATE accounts SET balance = balance + @amount WHERE id = @to", sql.Named("amount", amount), sql.Named("to", to))
	return err
}

func main() {
	dir, err := os.MkdirTemp("", "users")
	check(err)
	defer os.RemoveAll(dir)
	db, err := sql.Open("sqlite3", filepath.Join(dir, "users.db")+"?_journal_mode=WAL&_busy_timeout=10000")
	check(err)
	defer db.Close()
	_, err = db.Exec(`CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT UNIQUE, photo BLOB, joined TIMESTAMP);
		CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER)`)
	check(err)

	joined := time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)
	insert, err := db.Prepare("INSERT INTO users (name, email, photo, joined) VALUES (?, ?, ?, ?)")
	check(err)
	for i, name := range []string{"Ann", "Bob", "O'Neil", "名前"} {
		var email any
		if i != 1 {
			email = strings.ToLower(name) + "@example.com"
		}
		r, err := insert.Exec(name, email, []byte{byte(i), 0, 255}, joined.AddDate(0, i, 0))
		check(err)
		id, _ := r.LastInsertId()
		n, _ := r.RowsAffected()
		fmt.Println("inserted", id, n)
	}
	for _, name := range []string{"Ann", "Bob", "O'Neil", "名前", "nobody", "' OR '1'='1", "'; DROP TABLE users; --"} {
		fmt.Printf("%q: %v\n", name, named(db, name))
	}
	_, err = insert.Exec("Ann", "ann@example.com", nil, joined)
	fmt.Println(err)
	check(insert.Close())

	var name string
	err = db.QueryRow("SELECT name FROM users WHERE id = ?", 99).Scan(&name)
	fmt.Println(errors.Is(err, sql.ErrNoRows), err)
	_, err = db.Query("SELECT id FROM nowhere")
	fmt.Println(err)

	for id := 1; id <= 10; id++ {
		_, err = db.Exec("INSERT INTO accounts VALUES (?, ?)", id, 1000)
		check(err)
	}
	fmt.Println(transfer(db, 1, 2, 5000), transfer(db, 1, 2, 250))
	var wg sync.WaitGroup
	var mu sync.Mutex // one writes at a time; readers do not wait for it
	for i := range 8 {
		wg.Add(2)
		go func() {
			defer wg.Done()
			for j := range 25 {
				mu.Lock()
				check(transfer(db, 1+i, 1+(i+j+1)%10, j))
				mu.Unlock()
			}
		}()
		go func() {
			defer wg.Done()
			for range 25 {
				var sum int
				check(db.QueryRow("SELECT sum(balance) FROM accounts").Scan(&sum))
				if sum != 10000 {
					fmt.Println("sum", sum)
				}
			}
		}()
	}
	wg.Wait()
	var first, sum int
	check(db.QueryRow("SELECT (SELECT balance FROM accounts WHERE id = 1), sum(balance) FROM accounts").Scan(&first, &sum))
	fmt.Println(first, sum)

	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	var n int
	err = db.QueryRowContext(ctx, "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c").Scan(&n)
	fmt.Println(err != nil, ctx.Err())
}
