// golden: run
// regexp and text/template: what a code generator uses.
package main

import (
	"bytes"
	"fmt"
	"go/format"
	"html/template"
	"os"
	"regexp"
	"strings"
	text "text/template"
)

const client = `
type {{.Name}}Client struct { endpoint string }
{{range $i, $m := .Methods}}
func (c *{{$.Name}}Client) {{$m.Name | title}}({{range $j, $p := $m.Params}}{{if $j}}, {{end}}{{$p}} string{{end}}) error { return nil } // {{$i}}
{{else}}// no methods
{{end}}{{with .Doc}}// {{printf "%q" .}}{{end}}
`

type method struct {
	Name   string
	Params []string
}

func (m method) Arity() int { return len(m.Params) }

func main() {
	re := regexp.MustCompile(`(?P<year>\d{4})-(?P<month>\d\d)`)
	s := "from 2024-03 to 2025-11"
	fmt.Println(re.FindString(s), re.FindAllStringSubmatchIndex(s, -1), re.SubexpNames(), re.NumSubexp())
	fmt.Println(re.ReplaceAllString(s, "${month}/$year"), re.ReplaceAllStringFunc(s, strings.ToUpper), re.MatchString("x"))
	fmt.Println(regexp.MustCompile(`(?i)a+b*?|[^\pL\s]`).FindAllString("AAb aB é1!", -1), regexp.QuoteMeta("a.b*c"))
	fmt.Printf("%q\n", regexp.MustCompile(`\s*[,;]\s*`).Split("a , b;c", -1))
	_, err := regexp.Compile(`a(b`)
	fmt.Println(err)

	t := text.Must(text.New("client").Funcs(text.FuncMap{"title": func(s string) string { return strings.ToUpper(s[:1]) + s[1:] }}).Parse(client))
	var buf bytes.Buffer
	buf.WriteString("package api\n")
	err = t.Execute(&buf, map[string]any{"Name": "API", "Doc": "generated", "Methods": []method{{"call", []string{"ctx", "id"}}, {"stop", nil}}})
	if err != nil {
		panic(err)
	}
	src, err := format.Source(buf.Bytes())
	fmt.Printf("%s%v\n", src, err)
	err = text.Must(text.New("t").Parse("{{range .}}{{.Name}}/{{.Arity}}{{if gt .Arity 1}}+{{end}} {{end}}{{len .}}\n")).Execute(os.Stdout, []method{{"a", []string{"x", "y"}}, {"b", nil}})
	fmt.Println(err, text.Must(text.New("e").Parse("{{.Missing}}")).Execute(os.Stdout, method{}))
	template.Must(template.New("h").Parse("<a href=\"/?q={{.}}\" onclick=\"f({{.}})\">{{.}}</a>\n")).Execute(os.Stdout, `<script>"&`)
}
/* golden
stdout:
2024-03 [[5 12 5 9 10 12] [16 23 16 20 21 23]] [ year month] 2
from 03/2024 to 11/2025 from 2024-03 to 2025-11 false
[AA a 1 !] a\.b\*c
["a" "b" "c"]
error parsing regexp: missing closing ): `a(b`
package api

type APIClient struct{ endpoint string }

func (c *APIClient) Call(ctx string, id string) error { return nil } // 0

func (c *APIClient) Stop() error { return nil } // 1
// "generated"
<nil>
a/2+ b/0 2
<nil> template: e:1:2: executing "e" at <.Missing>: can't evaluate field Missing in type main.method
<a href="/?q=%3cscript%3e%22%26" onclick="f(&#34;\u003cscript\u003e\&#34;\u0026&#34;)">&lt;script&gt;&#34;&amp;</a>
*/
