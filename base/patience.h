/* How OpenMP's threads wait for their next sweep. GNU's turn in a loop for some milliseconds,
 * unless the environment said otherwise before the program began: where others are at work, too,
 * that takes the processor from whom is waited for, and a run of two threads took five times as
 * long as one of one. Where there are more threads than processors they turn but briefly, and then
 * sleep (libgomp manual, GOMP_SPINCOUNT). source
 * https://gcc.gnu.org/onlinedocs/libgomp/GOMP_005fSPINCOUNT.html */
#ifndef BASE_PATIENCE_H
#define BASE_PATIENCE_H

/* From here on threads of sweeps wait asleep, by a team that never works and makes them more than
 * there are processors. Once in a program; nothing happens where sweeps have one thread. */
void gb_patience_begin(void);

#endif
