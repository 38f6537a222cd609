package main

import (
	"runtime"
	"sync"
	"syscall"
	"time"
)

// openLoop sends at a constant rate whether or not earlier requests were answered, to each target in turn. Latency
// counts from the moment a request was due, so a wait for a connection, or behind a stalled answer, is in it.
func openLoop(plan Plan) []*Tally {
	if plan.Warm > 0 {
		arrivals(plan, tallies(plan.Targets), seconds(plan.Warm))
	}
	all := tallies(plan.Targets)
	arrivals(plan, all, seconds(plan.Seconds))
	return all
}

func arrivals(plan Plan, all []*Tally, length time.Duration) {
	var busy sync.WaitGroup
	due := make([]chan time.Time, len(all))
	step := time.Duration(float64(time.Second) / (plan.Rate * float64(len(all))))
	count := int(length / step)
	for i, tally := range all {
		due[i] = make(chan time.Time, count)
		for range plan.Connections {
			busy.Add(1)
			go func() {
				defer busy.Done()
				line := &line{target: tally.target}
				defer line.close()
				for at := range due[i] {
					tally.count(at, line.call(ignore))
				}
			}()
		}
		tally.cpu = -cpuOf(tally.target.Pid)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	begin := time.Now()
	for k := range count {
		at := begin.Add(time.Duration(k) * step)
		sleepUntil(at)
		all[k%len(all)].slip.add(time.Since(at))
		due[k%len(all)] <- at
	}
	for _, queue := range due {
		close(queue)
	}
	busy.Wait()
	for _, tally := range all {
		tally.spent = time.Since(begin)
		tally.cpu += cpuOf(tally.target.Pid)
		tally.watchMemory()
	}
}

// sleepUntil asks the kernel directly: the runtime's own timers are late by up to a millisecond under load.
func sleepUntil(at time.Time) {
	if left := time.Until(at); left > 0 {
		rest := syscall.NsecToTimespec(left.Nanoseconds())
		_ = syscall.Nanosleep(&rest, nil)
	}
}
