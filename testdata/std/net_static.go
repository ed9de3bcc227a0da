package main

// net and os/user without cmd/cgo where nothing asks for it: the resolver is Go's.

import (
	"fmt"
	"net"
	"os/user"
)

func main() {
	ips, err := net.LookupHost("127.0.0.1")
	fmt.Println(len(ips) > 0, err)
	u, err := user.LookupId("0")
	fmt.Println(u.Username, err)
	_, err = net.ResolveTCPAddr("tcp", "127.0.0.1:http")
	fmt.Println(err)
}
/* golden
stdout:
true <nil>
root <nil>
<nil>
*/
