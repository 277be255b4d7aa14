// SPDX-License-Identifier: GPL-2.0
/*
 * The ring's protocol (module/ring.h, module/ring.c) and the mapped reader
 * (userspace/lib/reader.c) on a machine with weakly ordered memory, for spin.
 * Documentation/ring.md explains it; tests/model/run checks all variants.
 *
 * Memory. A location keeps all values that were ever stored to it, in order. A
 * load may return any of them that is not older than what its thread is bound
 * to know (its view). So it may return what was there long ago: that is a load
 * satisfied early, or a store made visible late, past any number of others.
 * Only three things bind:
 *
 *   coherence         having seen a value, a thread sees no older one there
 *   writer's barrier  a store carries what the writer had stored before its
 *                     last write barrier; a store-release, all before itself
 *   reader's barrier  a load-acquire makes what the value carries part of the
 *                     view; a read barrier does that for all loads before it
 *
 * No barrier of one side has an effect without one of the other. x86 and arm64
 * allow no more than this: there a value that one CPU sees all see.
 *
 * A record is two words, each of which is its position counted from 1.
 *
 * What to check:   TORN TWICE LOST                  or all of them
 * Which reader:    MAPPED                           or the kernel's
 * What is broken:  NO_RESERVE NO_PUBLISH NO_ACQUIRE NO_CHECK (a barrier each)
 *                  NO_JUDGE LATE_RESERVE ONE_MORE MISCOUNT (the protocol)
 * Instead:         LITMUS, with or without WMB, RELEASE, RMB, ACQUIRE: is the
 *                  memory itself as said?
 */
#ifndef SLOTS
#define SLOTS	2
#endif
#ifndef RECORDS
#define RECORDS	5
#endif

#if !defined(TORN) && !defined(TWICE) && !defined(LOST)
#define TORN
#define TWICE
#define LOST
#endif

/* Locations */
#define HEAD		0
#define RESERVE		1
#define WORD(slot, k)	(2 + 2 * (slot) + (k))
#define LOCATIONS	(2 + 2 * SLOTS)

typedef stored {
	byte value;
	byte carries[LOCATIONS]
}

typedef place {
	byte last;
	stored nr[RECORDS + 1]
}

place memory[LOCATIONS];

byte done[LOCATIONS];		/* writer: its stores up to now */
byte fenced[LOCATIONS];		/* writer: those before its last barrier */
byte view[LOCATIONS];		/* reader: what it is bound to know */
byte heard[LOCATIONS];		/* reader: what a read barrier would add */
bool written;

/* Which of its values a location had in the beginning is number 0: value 0. */
inline store(where, what, release)
{
	d_step {
		memory[where].last++;
		done[where] = memory[where].last;
		memory[where].nr[done[where]].value = what;
		for (w : 0 .. LOCATIONS - 1) {
			memory[where].nr[done[where]].carries[w] =
				(release -> done[w] : fenced[w])
		}
		memory[where].nr[done[where]].carries[where] = done[where];
		w = 0
	}
}

inline write_barrier()
{
	d_step {
		for (w : 0 .. LOCATIONS - 1) {
			fenced[w] = done[w]
		}
		w = 0
	}
}

inline load(where, into, acquire)
{
	atomic {
		t = view[where];
		do
		:: t < memory[where].last -> t++
		:: break
		od;
		into = memory[where].nr[t].value;
		view[where] = t;
		for (r : 0 .. LOCATIONS - 1) {
			if
			:: memory[where].nr[t].carries[r] > heard[r] ->
				heard[r] = memory[where].nr[t].carries[r]
			:: else
			fi;
			if
			:: acquire && memory[where].nr[t].carries[r] > view[r] ->
				view[r] = memory[where].nr[t].carries[r]
			:: else
			fi
		}
		r = 0;
		t = 0
	}
}

inline read_barrier()
{
	d_step {
		for (r : 0 .. LOCATIONS - 1) {
			if
			:: heard[r] > view[r] -> view[r] = heard[r]
			:: else
			fi
		}
		r = 0
	}
}

#ifdef LITMUS

/* Message passing: the second store seen, so is the first. */
active proctype writer()
{
	byte w;

	store(WORD(0, 0), 1, 0);
#ifdef WMB
	write_barrier();
#endif
#ifdef RELEASE
	store(HEAD, 1, 1)
#else
	store(HEAD, 1, 0)
#endif
}

active proctype reader()
{
	byte r, t, a, b, c;

#ifdef ACQUIRE
	load(HEAD, a, 1);
#else
	load(HEAD, a, 0);
#endif
#ifdef RMB
	read_barrier();
#endif
	load(WORD(0, 0), b, 0);
	assert(!(a == 1 && b == 0));
	load(HEAD, c, 0);
	assert(c >= a)
}

#else

active proctype writer()
{
	byte p, w;

	do
	:: p < RECORDS ->
#ifndef LATE_RESERVE
		store(RESERVE, p + 1, 0);
#endif
#ifndef NO_RESERVE
		write_barrier();			/* ring.reserve */
#endif
		store(WORD(p % SLOTS, 0), p + 1, 0);
		store(WORD(p % SLOTS, 1), p + 1, 0);
#ifdef LATE_RESERVE
		store(RESERVE, p + 1, 0);
#endif
#ifdef NO_PUBLISH
		store(HEAD, p + 1, 0);
#else
		store(HEAD, p + 1, 1);			/* ring.publish */
#endif
		p++
	:: else -> break
	od;
	written = true
}

#define NOT_YET	0
#define READ	1
#define GONE	2

#ifdef ONE_MORE
#define ROOM	(SLOTS + 1)
#else
#define ROOM	SLOTS
#endif

/* From pos on, all below the oldest that is left are lost. */
inline jump_to(oldest)
{
	d_step {
		do
		:: pos < oldest ->
#ifdef LOST
			assert(pos < RECORDS && fate[pos] == NOT_YET);
#endif
			fate[pos] = GONE;
			lost++;
			pos++
		:: else -> break
		od
	}
}

active proctype reader()
{
	byte r, t, head, reserve, low, copy[2], pos, lost, read;
	byte fate[RECORDS + 1];
	bool joined;

again:
	head = 0; reserve = 0; low = 0; copy[0] = 0; copy[1] = 0;
	/* Whoever waits for the writer's end knows all that it did. */
	if
	:: written && !joined ->
		d_step {
			for (r : 0 .. LOCATIONS - 1) {
				view[r] = memory[r].last
			}
			r = 0;
			joined = true
		}
	:: !joined
	:: joined
	fi;

#ifdef NO_ACQUIRE
	load(HEAD, head, 0);
#else
	load(HEAD, head, 1);				/* ring.acquire */
#endif
#ifdef MAPPED
	if
	:: pos >= head -> goto nothing
	:: else
	fi;
#endif
	load(RESERVE, reserve, 0);
	low = (reserve > ROOM -> reserve - ROOM : 0);
#ifdef MAPPED
	if
	:: low > pos ->
#ifdef MISCOUNT
		lost = lost + (low > head -> low - head : 0);
#endif
		low = (low > head -> head : low);
		jump_to(low);
		goto again
	:: else
	fi;
#else
	jump_to(low);
#ifdef MISCOUNT
	lost = lost + (low > head -> 1 : 0);
#endif
	if
	:: pos >= head -> goto nothing
	:: else
	fi;
#endif
	load(WORD(pos % SLOTS, 0), copy[0], 0);
	load(WORD(pos % SLOTS, 1), copy[1], 0);
#ifndef NO_CHECK
	read_barrier();					/* ring.check */
#endif
	load(RESERVE, reserve, 0);
#ifndef NO_JUDGE
	if
	:: reserve > pos + ROOM -> goto again
	:: else
	fi;
#endif

	/* The record is given out. */
	d_step {
#ifdef TORN
		assert(copy[0] == copy[1]);
#endif
#ifdef TWICE
		assert(copy[0] > 0 && fate[copy[0] - 1] == NOT_YET);
		fate[copy[0] - 1] = READ;
#else
		fate[pos] = READ;
#endif
		read++;
		pos++
	}
	goto again;

nothing:
	if
	:: !joined -> goto again
	:: else
	fi;
#ifdef LOST
	assert(pos == RECORDS && read + lost == RECORDS);
#endif
	skip
}

#endif
