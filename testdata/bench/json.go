package main

import (
	"encoding/json"
	"fmt"
)

type item struct {
	ID    int               `json:"id"`
	Name  string            `json:"name"`
	Price float64           `json:"price"`
	Tags  []string          `json:"tags"`
	Attrs map[string]string `json:"attrs,omitempty"`
	Sub   *item             `json:"sub,omitempty"`
}

func main() {
	var items []item
	for i := range 500 {
		it := item{ID: i, Name: fmt.Sprintf("item number %d", i), Price: float64(i) * 1.25, Tags: []string{"red", "green", "\"blue\""}}
		if i%3 == 0 {
			it.Attrs = map[string]string{"size": "large", "weight": "12kg"}
		}
		if i%5 == 0 {
			it.Sub = &item{ID: -i, Name: "nested"}
		}
		items = append(items, it)
	}
	total := 0
	for range 60 {
		b, err := json.Marshal(items)
		if err != nil {
			panic(err)
		}
		total += len(b)
		var back []item
		if err := json.Unmarshal(b, &back); err != nil {
			panic(err)
		}
		total += len(back)
		var loose any
		if err := json.Unmarshal(b, &loose); err != nil {
			panic(err)
		}
		total += len(loose.([]any))
	}
	println(total)
}
