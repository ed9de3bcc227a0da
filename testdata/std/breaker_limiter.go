// golden: run
// A circuit breaker and a token-bucket rate limiter, as services have them.
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

var errOpen = errors.New("circuit open")

type state int

const (
	closed state = iota
	open
	halfOpen
)

func (s state) String() string { return [...]string{"closed", "open", "half-open"}[s] }

type breaker struct {
	mu       sync.Mutex
	state    state
	failures int
	limit    int
	cooldown time.Duration
	opened   time.Time
	now      func() time.Time
}

func (b *breaker) Do(f func() error) error {
	b.mu.Lock()
	if b.state == open {
		if b.now().Sub(b.opened) < b.cooldown {
			b.mu.Unlock()
			return errOpen
		}
		b.state = halfOpen
	}
	b.mu.Unlock()
	err := f()
	b.mu.Lock()
	defer b.mu.Unlock()
	if err == nil {
		b.state, b.failures = closed, 0
		return nil
	}
	if b.failures++; b.state == halfOpen || b.failures >= b.limit {
		b.state, b.opened = open, b.now()
	}
	return fmt.Errorf("call: %w", err)
}

type limiter struct{ tokens chan struct{} }

func newLimiter(ctx context.Context, every time.Duration, burst int) *limiter {
	l := &limiter{make(chan struct{}, burst)}
	for range burst {
		l.tokens <- struct{}{}
	}
	go func() {
		t := time.NewTicker(every)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				select {
				case l.tokens <- struct{}{}:
				default:
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return l
}

func (l *limiter) Wait(ctx context.Context) error {
	select {
	case <-l.tokens:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func main() {
	clock := time.Unix(0, 0)
	b := &breaker{limit: 2, cooldown: time.Minute, now: func() time.Time { return clock }}
	down := errors.New("backend down")
	for _, step := range []struct {
		after time.Duration
		err   error
	}{{0, down}, {0, nil}, {0, down}, {0, down}, {time.Second, nil}, {time.Minute, down}, {time.Second, nil}, {time.Minute, nil}} {
		clock = clock.Add(step.after)
		err := b.Do(func() error { return step.err })
		fmt.Println(b.state, err, errors.Is(err, down), errors.Is(err, errOpen))
	}

	ctx, cancel := context.WithCancel(context.Background())
	l := newLimiter(ctx, 5*time.Millisecond, 3)
	start := time.Now()
	for range 9 {
		if err := l.Wait(ctx); err != nil {
			panic(err)
		}
	}
	d := time.Since(start)
	fmt.Println(d >= 20*time.Millisecond, d < 5*time.Second)
	cancel()
	short, stop := context.WithTimeout(context.Background(), time.Millisecond)
	defer stop()
	drained := &limiter{make(chan struct{})}
	fmt.Println(drained.Wait(short))
}
/* golden
stdout:
closed call: backend down true false
closed <nil> false false
closed call: backend down true false
open call: backend down true false
open circuit open false true
open call: backend down true false
open circuit open false true
closed <nil> false false
true true
context deadline exceeded
*/
