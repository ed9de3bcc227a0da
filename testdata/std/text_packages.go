// golden: run arm64
// bytes, strings, strconv, unicode.
package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

func main() {
	fmt.Println(strings.Fields("  a b  c "), strings.Split("a,b,c", ","), strings.SplitN("a,b,c", ",", 2), strings.Join([]string{"x", "y"}, "-"))
	fmt.Println(strings.Contains("seafood", "foo"), strings.Index("chicken", "ken"), strings.LastIndex("go gopher", "go"), strings.Count("cheese", "e"), strings.IndexByte(strings.Repeat("a", 100)+"b", 'b'))
	fmt.Println(strings.Title("hello wOrld"), strings.ToUpper("straße ǆ"), strings.ToLower("ÀÉ"), strings.TrimFunc("123abc456", unicode.IsDigit), strings.Map(func(r rune) rune {
		if r == 'a' {
			return -1
		}
		return r + 1
	}, "banana"))
	fmt.Println(strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace("<b>"), strings.EqualFold("Go", "GO"), strings.TrimLeft("xxabc", "x"), strings.TrimPrefix("prefix-x", "prefix-"))
	before, after, found := strings.Cut("key=value", "=")
	fmt.Println(before, after, found)
	for part := range strings.SplitSeq("1/2/3", "/") {
		fmt.Print(part, ";")
	}
	var sb strings.Builder
	for i := 3; i >= 1; i-- {
		fmt.Fprintf(&sb, "%d...", i)
	}
	fmt.Println(sb.String(), sb.Len())

	fmt.Println(bytes.Equal([]byte("a"), []byte("a")), bytes.Compare([]byte("a"), []byte("b")), bytes.Index(bytes.Repeat([]byte("ab"), 50), []byte("ba")), string(bytes.ToUpper([]byte("abc"))), bytes.TrimSpace([]byte(" x ")))
	buf := bytes.NewBufferString("hello world")
	word, err := buf.ReadString(' ')
	buf.WriteByte('!')
	fmt.Printf("%q %v %q %d\n", word, err, buf, buf.Len())

	i, err := strconv.Atoi("12a")
	fmt.Println(i, err)
	u, err := strconv.ParseUint("ffffffffffffffff1", 16, 64)
	fmt.Println(u, err)
	f, err := strconv.ParseFloat("1.7976931348623157e308", 64)
	fmt.Println(f, err, strconv.FormatFloat(0.1+0.2, 'g', -1, 64), strconv.FormatFloat(2.5, 'f', 0, 64), strconv.FormatFloat(1e23, 'e', -1, 32))
	fmt.Println(strconv.FormatInt(-255, 2), strconv.FormatInt(1<<62, 36), strconv.Quote("tab\t☺\x00"), strconv.QuoteToASCII("☺"), strconv.AppendBool(nil, true))
	b, err := strconv.ParseBool("maybe")
	fmt.Println(b, err)
	q, err := strconv.Unquote(`"\u00e9\n"`)
	fmt.Printf("%q %v\n", q, err)
	n, err := strconv.ParseInt("-9223372036854775808", 10, 64)
	fmt.Println(n, err)

	for _, r := range "aB3 é世\u00a0!" {
		fmt.Print(unicode.IsLetter(r), unicode.IsUpper(r), unicode.IsDigit(r), unicode.IsSpace(r), unicode.IsPunct(r), " ")
	}
	fmt.Println(unicode.Is(unicode.Han, '世'), string(unicode.ToTitle('ǆ')), unicode.SimpleFold('K'))
	bad := "a\xffb\xe4\xb8"
	fmt.Println(utf8.ValidString(bad), utf8.RuneCountInString(bad), []rune(bad), utf8.RuneLen('世'), utf16.Encode([]rune("a😀")))
	r, size := utf8.DecodeLastRuneInString("x世")
	fmt.Println(string(r), size, strings.ToValidUTF8(bad, "?"))
}
/* golden
stdout:
[a b c] [a b c] [a b,c] x-y
true 4 3 3 100
Hello WOrld STRAßE Ǆ àé abc coo
&lt;b&gt; true abc x
key value true
1;2;3;3...2...1... 12
true -1 1 ABC [120]
"hello " <nil> "world!" 6
0 strconv.Atoi: parsing "12a": invalid syntax
18446744073709551615 strconv.ParseUint: parsing "ffffffffffffffff1": value out of range
1.7976931348623157e+308 <nil> 0.3 2 1e+23
-11111111 z1ci99jj7474 "tab\t☺\x00" "\u263a" [116 114 117 101]
false strconv.ParseBool: parsing "maybe": invalid syntax
"é\n" <nil>
-9223372036854775808 <nil>
true false false false false true true false false false false false true false false false false false true false true false false false false true false false false false false false false true false false false false false true true ǅ 107
false 5 [97 65533 98 65533 65533] 3 [97 55357 56832]
世 3 a?b?
*/
