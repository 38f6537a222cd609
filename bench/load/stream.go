package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"
)

// streams opens many streams at a steady rate and reads each to its end, one target after the other: streams are
// long, and the memory they hold is one of the figures.
func streams(plan Plan) []*Tally {
	all := tallies(plan.Targets)
	for _, tally := range all {
		hold(plan, tally)
	}
	return all
}

func hold(plan Plan, tally *Tally) {
	tally.before = residentKiB(tally.target.Pid)
	stop := watch(tally)
	cpu, begin := cpuOf(tally.target.Pid), time.Now()
	var busy sync.WaitGroup
	for k := range plan.Streams {
		time.Sleep(time.Until(begin.Add(seconds(float64(k) / plan.Rate))))
		busy.Add(1)
		go func() {
			defer busy.Done()
			sent := time.Now()
			line := &line{target: tally.target}
			defer line.close()
			tally.count(sent, line.call(func(body io.Reader) error { return readStream(body, plan.Chunks, tally) }))
		}()
	}
	busy.Wait()
	stop()
	tally.spent = time.Since(begin)
	tally.cpu = cpuOf(tally.target.Pid) - cpu
}

// readStream fails unless every piece came and the stream said that it was complete.
func readStream(body io.Reader, wanted int, tally *Tally) error {
	pieces, done := 0, false
	lines := bufio.NewScanner(body)
	for lines.Scan() {
		if bytes.Equal(lines.Bytes(), []byte("data: [DONE]")) {
			done = true
		}
		if at, found := sentAt(lines.Bytes()); found {
			tally.lag.add(time.Since(at))
			if pieces++; pieces == 1 {
				most(&tally.heldMost, tally.held.Add(1))
				defer tally.held.Add(-1)
			}
		}
	}
	tally.pieces.Add(int64(pieces))
	if err := lines.Err(); err != nil {
		return err
	}
	if pieces != wanted || !done {
		return fmt.Errorf("%d of %d pieces, complete: %t", pieces, wanted, done)
	}
	return nil
}

func sentAt(event []byte) (time.Time, bool) {
	_, after, found := bytes.Cut(event, []byte("@t="))
	digits, _, closed := bytes.Cut(after, []byte("@"))
	if !found || !closed {
		return time.Time{}, false
	}
	nanos, err := strconv.ParseInt(string(digits), 10, 64)
	return time.Unix(0, nanos), err == nil
}

// watch follows the target's memory until the returned function is called.
func watch(tally *Tally) (stop func()) {
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			tally.watchMemory()
			select {
			case <-end:
				return
			case <-time.After(100 * time.Millisecond):
			}
		}
	}()
	return func() { close(end); <-ended }
}
