// golden: run
// encoding/json: struct tags, embedded fields, RawMessage, custom marshalling, streaming, errors.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

type base struct {
	ID int `json:"id"`
}
type Status int

func (s Status) MarshalText() ([]byte, error) { return []byte([]string{"pending", "done"}[s]), nil }
func (s *Status) UnmarshalText(b []byte) error {
	switch string(b) {
	case "pending":
		*s = 0
	case "done":
		*s = 1
	default:
		return fmt.Errorf("status %q", b)
	}
	return nil
}

type stamp time.Time

func (t stamp) MarshalJSON() ([]byte, error) {
	return json.Marshal(time.Time(t).UTC().Format(time.DateOnly))
}

type item struct {
	base
	Name    string         `json:"name,omitempty"`
	Price   float64        `json:",string"`
	Tags    []string       `json:"tags"`
	Meta    map[string]any `json:"meta,omitempty"`
	Status  Status         `json:"status"`
	When    stamp          `json:"when"`
	Next    *item          `json:"next,omitempty"`
	Bytes   []byte         `json:"bytes"`
	By      map[Status]int `json:"by"`
	Zero    time.Time      `json:"zero,omitzero"`
	private int
	Skip    int `json:"-"`
}

type response struct {
	Status string          `json:"status"`
	Data   json.RawMessage `json:"data"`
}

func main() {
	in := item{base: base{7}, Name: "<tea> & \u2028", Price: 2.50, Meta: map[string]any{"b": nil, "a": []int{1}}, Status: 1, Bytes: []byte("hi"), By: map[Status]int{0: 1, 1: 2}}
	in.Next = &item{Tags: []string{}}
	out, err := json.MarshalIndent(in, "", "  ")
	fmt.Println(string(out), err)

	var r response
	err = json.Unmarshal([]byte(`{"STATUS":"ok","data":{"id":3,"name":"x","Price":"1e2","tags":["a","b"],"meta":{"n":1.5,"l":[true,null,"s"]},"by":{"done":5}}}`), &r)
	fmt.Println(err, r.Status, string(r.Data))
	var it struct {
		base
		Name  string
		Price float64 `json:",string"`
		Tags  []string
		Meta  any
		By    map[Status]int
	}
	fmt.Println(json.Unmarshal(r.Data, &it), fmt.Sprintf("%+v", it))

	dec := json.NewDecoder(strings.NewReader(`{"id":1} {"id":2}
	{"id":"three"} {"id":4`))
	for {
		var b base
		err := dec.Decode(&b)
		var te *json.UnmarshalTypeError
		if errors.As(err, &te) {
			fmt.Println(te.Field, te.Offset, err)
			continue
		}
		if err != nil {
			fmt.Println(err, err == io.ErrUnexpectedEOF)
			break
		}
		fmt.Println(b)
	}
	dec = json.NewDecoder(strings.NewReader(`[{"a":1,"b":[12345678901234567890]}]`))
	dec.UseNumber()
	for {
		tok, err := dec.Token()
		if err != nil {
			break
		}
		fmt.Printf("%T:%v ", tok, tok)
	}
	fmt.Println()
	dec = json.NewDecoder(strings.NewReader(`{"id":1,"extra":2}`))
	dec.DisallowUnknownFields()
	fmt.Println(dec.Decode(&base{}))
	var st Status
	fmt.Println(json.Unmarshal([]byte(`"lost"`), &st), json.Unmarshal([]byte(`{"a":}`), &r), json.Unmarshal([]byte(`1`), nil))
	_, err = json.Marshal(map[string]any{"c": make(chan int)})
	fmt.Println(err)
	enc := json.NewEncoder(os.Stdout)
	enc.SetEscapeHTML(false)
	enc.Encode([]any{"<&>", 1e21, 1e-7, float32(0.1), int64(-5), "é\x01\xff"})
	var any1 any
	json.Unmarshal([]byte(`{"deep":[[[{"x":-0.5e-3}]]]}`), &any1)
	fmt.Println(any1, json.Valid([]byte(`[1,]`)))
}
/* golden
stdout:
{
  "id": 7,
  "name": "\u003ctea\u003e \u0026 \u2028",
  "Price": "2.5",
  "tags": null,
  "meta": {
    "a": [
      1
    ],
    "b": null
  },
  "status": "done",
  "when": "0001-01-01",
  "next": {
    "id": 0,
    "Price": "0",
    "tags": [],
    "status": "pending",
    "when": "0001-01-01",
    "bytes": null,
    "by": null
  },
  "bytes": "aGk=",
  "by": {
    "done": 2,
    "pending": 1
  }
} <nil>
<nil> ok {"id":3,"name":"x","Price":"1e2","tags":["a","b"],"meta":{"n":1.5,"l":[true,null,"s"]},"by":{"done":5}}
<nil> {base:{ID:3} Name:x Price:100 Tags:[a b] Meta:map[l:[true <nil> s] n:1.5] By:map[1:5]}
{1}
{2}
id 13 json: cannot unmarshal string into Go struct field base.id of type int
unexpected EOF true
json.Delim:[ json.Delim:{ string:a json.Number:1 string:b json.Delim:[ json.Number:12345678901234567890 json.Delim:] json.Delim:} json.Delim:] 
json: unknown field "extra"
status "lost" invalid character '}' looking for beginning of value json: Unmarshal(nil)
json: unsupported type: chan int
["<&>",1e+21,1e-7,0.1,-5,"é\u0001�"]
map[deep:[[[map[x:-0.0005]]]]] false
*/
