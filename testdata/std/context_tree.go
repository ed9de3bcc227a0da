// golden: run
// context: cancellation down the tree, deadlines, causes, values under typed keys, AfterFunc.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

type key string

const (
	requestID key = "request-id"
	userID    key = "user-id"
)

func work(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func generator(ctx context.Context) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for i := 0; ; i++ {
			select {
			case out <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func main() {
	root := context.Background()
	fmt.Println(root, context.TODO())

	ctx, cancel := context.WithTimeout(root, 20*time.Millisecond)
	fmt.Println(work(ctx, time.Hour), errors.Is(ctx.Err(), context.DeadlineExceeded), work(root, time.Millisecond))
	cancel()

	parent, cancelParent := context.WithCancel(root)
	child, cancelChild := context.WithTimeout(context.WithValue(parent, userID, "u1"), time.Hour)
	defer cancelChild()
	_, has := child.Deadline()
	stop := make(chan struct{})
	context.AfterFunc(child, func() { close(stop) })
	cancelParent()
	<-stop
	fmt.Println(has, child.Err(), child.Value(userID), child.Value(requestID), child.Value("user-id"))

	caused, cancelCause := context.WithCancelCause(root)
	cancelCause(errors.New("disk full"))
	fmt.Println(caused.Err(), context.Cause(caused))
	late, c := context.WithDeadlineCause(root, time.Now().Add(-time.Second), errors.New("too late"))
	defer c()
	fmt.Println(late.Err(), context.Cause(late), context.WithoutCancel(late).Err())

	ctx, cancel = context.WithCancel(root)
	sum := 0
	for v := range generator(ctx) {
		if sum += v; v == 100 {
			break
		}
	}
	cancel()
	fmt.Println(sum, ctx)
}
/* golden
stdout:
context.Background context.TODO
context deadline exceeded true <nil>
true context canceled u1 <nil> <nil>
context canceled disk full
context deadline exceeded too late <nil>
5050 context.Background.WithCancel
*/
