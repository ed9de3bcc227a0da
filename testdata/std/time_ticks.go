// golden: run
// time: formatting, parsing, zones, durations, timers and tickers.
package main

import (
	"fmt"
	"time"
)

func main() {
	t := time.Date(2024, time.February, 29, 13, 4, 5, 123456789, time.UTC)
	fmt.Println(t, t.Format(time.RFC3339Nano), t.Format("Mon Jan _2 3:04PM 2006"), t.YearDay(), t.Weekday(), t.Unix())
	fmt.Println(t.AddDate(1, 0, 0).Format(time.DateOnly), t.Truncate(time.Hour), t.Add(-25*time.Hour).Day(), t.Equal(t.In(time.FixedZone("X", 3600))))
	p, err := time.Parse(time.RFC1123Z, "Thu, 29 Feb 2024 13:04:05 +0200")
	fmt.Println(p.UTC(), err)
	_, err = time.Parse(time.DateOnly, "2023-02-29")
	fmt.Println(err)
	d, err := time.ParseDuration("1h15m30.918s")
	fmt.Println(d, err, d.Round(time.Minute), d.Minutes() > 75, time.Duration(1500)*time.Microsecond)

	start := time.Now()
	tm := time.NewTimer(time.Hour)
	fmt.Println(tm.Stop(), tm.Reset(5*time.Millisecond))
	<-tm.C
	fired := make(chan bool)
	time.AfterFunc(5*time.Millisecond, func() { fired <- true })
	fmt.Println(<-fired)
	tick := time.NewTicker(3 * time.Millisecond)
	for range 3 {
		<-tick.C
	}
	tick.Stop()
	select {
	case <-tick.C:
		fmt.Println("ticked after Stop")
	case <-time.After(10 * time.Millisecond):
	}
	e := time.Since(start)
	fmt.Println(e >= 25*time.Millisecond, e < 10*time.Second)
	time.Sleep(-1)
}
/* golden
stdout:
2024-02-29 13:04:05.123456789 +0000 UTC 2024-02-29T13:04:05.123456789Z Thu Feb 29 1:04PM 2024 60 Thursday 1709211845
2025-03-01 2024-02-29 13:00:00 +0000 UTC 28 true
2024-02-29 11:04:05 +0000 UTC <nil>
parsing time "2023-02-29": day out of range
1h15m30.918s <nil> 1h16m0s true 1.5ms
true false
true
true true
*/
