// golden: run
// os, io, bufio: files, directories, pipes, copies, scanners, limits, environment.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	dir, err := os.MkdirTemp("", "vole")
	check(err)
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "a.txt")
	check(os.WriteFile(name, []byte("one\ntwo\nthree\n"), 0o640))
	f, err := os.OpenFile(name, os.O_APPEND|os.O_RDWR, 0)
	check(err)
	fmt.Fprintf(f, "four")
	st, err := f.Stat()
	check(err)
	fmt.Println(st.Name(), st.Size(), st.Mode(), st.IsDir())
	_, err = f.Seek(4, io.SeekStart)
	check(err)
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		fmt.Printf("%q ", sc.Text())
	}
	fmt.Println(sc.Err())
	b := make([]byte, 3)
	n, err := f.ReadAt(b, 8)
	fmt.Println(n, err, string(b))
	check(f.Truncate(3))
	check(f.Close())
	_, err = f.Write(b)
	fmt.Println(errors.Is(err, os.ErrClosed), strings.HasSuffix(err.Error(), "file already closed"))

	check(os.MkdirAll(filepath.Join(dir, "d/e"), 0o755))
	check(os.Rename(name, filepath.Join(dir, "d/e/b.txt")))
	check(os.Symlink("b.txt", filepath.Join(dir, "d/e/link")))
	check(fs.WalkDir(os.DirFS(dir), ".", func(p string, d fs.DirEntry, err error) error {
		fmt.Print(p, " ", d.Type(), "; ")
		return err
	}))
	fmt.Println()
	text, err := os.ReadFile(filepath.Join(dir, "d/e/link"))
	fmt.Printf("%q %v\n", text, err)
	fmt.Println(os.Remove(filepath.Join(dir, "d")) != nil, os.IsNotExist(os.Remove(name)))
	root, err := os.OpenRoot(dir)
	check(err)
	_, err = root.Open("../escape")
	fmt.Println(err)

	pr, pw := io.Pipe()
	go func() {
		w := bufio.NewWriterSize(pw, 16)
		for i := range 5 {
			fmt.Fprintf(w, "line %d\n", i)
		}
		w.Flush()
		pw.CloseWithError(errors.New("no more"))
	}()
	rd := bufio.NewReader(pr)
	for {
		line, err := rd.ReadString('\n')
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Print(strings.TrimSpace(line), ",")
	}
	r, w, err := os.Pipe()
	check(err)
	go func() { io.WriteString(w, "through the kernel"); w.Close() }()
	all, err := io.ReadAll(r)
	fmt.Println(string(all), err)

	var buf bytes.Buffer
	tee := io.TeeReader(io.LimitReader(io.MultiReader(strings.NewReader("abc"), strings.NewReader("defgh")), 6), &buf)
	k, err := io.Copy(io.Discard, tee)
	fmt.Println(k, err, buf.String())
	_, err = io.ReadFull(strings.NewReader("ab"), make([]byte, 3))
	fmt.Println(err, err == io.ErrUnexpectedEOF)
	words := bufio.NewScanner(strings.NewReader(" the quick  brown\nfox "))
	words.Split(bufio.ScanWords)
	count := 0
	for words.Scan() {
		count++
	}
	fmt.Println(count)
	os.Setenv("VOLE_GOLDEN", "x y")
	fmt.Println(os.Getenv("VOLE_GOLDEN"), os.ExpandEnv("<$VOLE_GOLDEN>"), len(os.Args))
	_, there := os.LookupEnv("VOLE_NOT_THERE")
	fmt.Println(there)
}
/* golden
stdout:
a.txt 18 -rw-r----- false
"two" "three" "four" <nil>
3 <nil> thr
true true
. d---------; d d---------; d/e d---------; d/e/b.txt ----------; d/e/link L---------; 
"one" <nil>
true true
openat ../escape: path escapes from parent
line 0,line 1,line 2,line 3,line 4,no more
through the kernel <nil>
6 <nil> abcdef
unexpected EOF true
4
x y <x y> 1
false
*/
