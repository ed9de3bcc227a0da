package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/tools/cover"
)

// findPkgs asks go where the packages of profiles are: vole, which stands on $PATH for it, where
// GOROOT's sources need no bin/go beside them.
func findPkgs(profiles []*cover.Profile) (map[string]*Pkg, error) {
	found := map[string]*Pkg{}
	words := []string{"list", "-e", "-json"}
	for _, p := range profiles {
		dir := path.Dir(p.FileName)
		_, known := found[dir]
		if known || strings.HasPrefix(p.FileName, ".") || filepath.IsAbs(p.FileName) {
			continue
		}
		found[dir] = nil
		words = append(words, dir)
	}
	if len(found) == 0 {
		return found, nil
	}
	var said strings.Builder
	cmd := exec.Command("go", words...)
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("cannot run go list: %v\n%s", err, said.String())
	}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		p := new(Pkg)
		if err := dec.Decode(p); err == io.EOF {
			return found, nil
		} else if err != nil {
			return nil, fmt.Errorf("decoding go list json: %v", err)
		}
		found[p.ImportPath] = p
	}
}
