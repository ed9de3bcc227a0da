// snapshot: a collection that marks in a child process, so that the world stops only for its fork.
//
// The child has the heap as it was; it marks as the collector always does and ends. The headers of
// blocks, where marks are, it shares with its parent. What is allocated meanwhile lies in fresh blocks, since the free
// lists and what waits to be swept are dropped at the fork; all in those blocks counts as live. What
// the program can reach then was reachable at the fork or is new, or came through a weak pointer,
// which tells (snapshot_revive): no barrier is needed.
//
// One snapshot at a time. What says so takes the collector's lock.
#ifndef VOLE_SNAPSHOT_H
#define VOLE_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LARGE_PAGE = 2 << 20 }; // bytes, of the system's large pages

// What the child found. extra: for the owner's own figures, written by what marks (push_roots).
typedef struct SnapshotFound {
    uint64_t objects, bytes;
    uint64_t extra[4];
} SnapshotFound;

// Stops the world, forks, starts it again; events are told of as for any collection. False: there
// is no child, and the world must be collected the usual way at once, for lists were dropped. With
// the lock held, as the next two. enough: so many bytes will be allocated meanwhile. heap: to so many
// the heap may grow where that is cheaper than copies.
bool snapshot_begin(size_t enough, size_t heap);
// Takes the marks of a child that is over: what is unmarked is free from now on. False: it did not
// get that far, and as after snapshot_begin. Nothing to do when none is running.
bool snapshot_finish(SnapshotFound *found);
// Ends the child, if there is one, for a usual collection that comes at once.
void snapshot_cancel(void);
// While one is running: makes more free memory ready for use where less than ahead bytes are. Takes
// the lock by itself, and some milliseconds.
void snapshot_supply(size_t ahead);
uint64_t snapshot_copying(void); // nanoseconds of CPU time that this has taken so far
// A pointer that a weak one gave while a snapshot is running: what it leads to is live. With the
// lock held.
void snapshot_revive(void *object);

bool snapshot_running(void);    // from snapshot_begin to snapshot_finish or snapshot_cancel
bool snapshot_over(void);       // while one is running: has the child ended, well or not?
void snapshot_wait(int64_t ns); // for that, at most so long
// Of one that is running: how much of what the last one had to mark is marked, in percent.
unsigned snapshot_progress(void);
// Zeroed memory that children share, for headers; NULL: there is none, or this is a child.
void *snapshot_share(size_t size);
// Makes large pages of n more of those that the child's life cost; true: there are others. By one
// thread.
bool snapshot_tidy(unsigned n);
// In the child, from what marks: where the found's extra figures go. NULL: this is no child.
uint64_t *snapshot_extra(void);

#endif
