package main

import (
	"sync"
	"sync/atomic"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// Tally is what was seen of one target.
type Tally struct {
	target   *Target
	latency  times
	lag      times // stream: from the provider's sending of a piece to our having it
	slip     times // open: how late the generator itself was
	answered atomic.Int64
	pieces   atomic.Int64
	held     atomic.Int64
	heldMost atomic.Int64
	spent    time.Duration // in which the target had load
	cpu      time.Duration
	before   int64 // KiB resident
	most     int64 // KiB resident

	lock     sync.Mutex
	failures map[string]int
}

func tallies(targets []*Target) (all []*Tally) {
	for _, target := range targets {
		all = append(all, &Tally{target: target, failures: map[string]int{}})
	}
	return all
}

func (t *Tally) count(since time.Time, err error) {
	if err != nil {
		t.lock.Lock()
		t.failures[err.Error()]++
		t.lock.Unlock()
		return
	}
	t.answered.Add(1)
	t.latency.add(time.Since(since))
}

func (t *Tally) watchMemory() {
	t.most = max(t.most, residentKiB(t.target.Pid))
}

func (t *Tally) result() map[string]any {
	failed := 0
	for _, count := range t.failures {
		failed += count
	}
	result := map[string]any{
		"answered": t.answered.Load(), "failed": failed, "failures": t.failures, "pieces": t.pieces.Load(),
		"held": t.heldMost.Load(), "latency_us": t.latency.quantiles(), "lag_us": t.lag.quantiles(),
		"slip_us": t.slip.quantiles(), "rss_before_kib": t.before, "rss_most_kib": t.most,
	}
	if t.spent > 0 {
		result["per_second"] = float64(t.answered.Load()) / t.spent.Seconds()
	}
	if calls := t.answered.Load(); calls > 0 {
		result["cpu_us_per_call"] = float64(t.cpu.Nanoseconds()) / 1e3 / float64(calls)
	}
	if pieces := t.pieces.Load(); pieces > 0 {
		result["cpu_us_per_piece"] = float64(t.cpu.Nanoseconds()) / 1e3 / float64(pieces)
	}
	return result
}

// times is a histogram of durations, in microseconds, up to two minutes, to three digits.
type times struct {
	lock sync.Mutex
	all  *hdr.Histogram
}

func (t *times) add(duration time.Duration) {
	t.lock.Lock()
	defer t.lock.Unlock()
	if t.all == nil {
		t.all = hdr.New(1, 120_000_000, 3)
	}
	_ = t.all.RecordValue(max(1, duration.Microseconds()))
}

func (t *times) quantiles() map[string]int64 {
	if t.all == nil {
		return nil
	}
	return map[string]int64{
		"p50": t.all.ValueAtQuantile(50), "p90": t.all.ValueAtQuantile(90), "p99": t.all.ValueAtQuantile(99), "max": t.all.Max(),
	}
}

// most raises a maximum.
func most(maximum *atomic.Int64, seen int64) {
	for old := maximum.Load(); seen > old && !maximum.CompareAndSwap(old, seen); old = maximum.Load() {
	}
}
