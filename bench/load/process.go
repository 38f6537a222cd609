package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"
	"unsafe"
)

// cpuOf is the CPU time of a process and its living children, exact to the kernel's own clock (clock_getcpuclockid(3)).
func cpuOf(pid int) (sum time.Duration) {
	for _, member := range family(pid) {
		var spent syscall.Timespec
		clock := uintptr(int32(^member)<<3 | 2)
		_, _, errno := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clock, uintptr(unsafe.Pointer(&spent)), 0)
		if errno == 0 {
			sum += time.Duration(spent.Nano())
		}
	}
	return sum
}

// residentKiB is the resident memory of a process and its living children.
func residentKiB(pid int) (sum int64) {
	for _, member := range family(pid) {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", member))
		if err != nil {
			continue
		}
		if _, after, found := bytes.Cut(status, []byte("VmRSS:")); found {
			amount, _ := strconv.ParseInt(string(bytes.Fields(after)[0]), 10, 64)
			sum += amount
		}
	}
	return sum
}

func family(pid int) []int {
	if pid <= 0 {
		return nil
	}
	members := []int{pid}
	for i := 0; i < len(members); i++ {
		members = append(members, childrenOf(members[i])...)
	}
	return members
}

func childrenOf(pid int) (children []int) {
	tasks, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	for _, task := range tasks {
		list, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/children", pid, task.Name()))
		for _, word := range bytes.Fields(list) {
			if child, err := strconv.Atoi(string(word)); err == nil {
				children = append(children, child)
			}
		}
	}
	return children
}
