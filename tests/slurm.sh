#!/bin/sh
# experiments/cluster/slurm.sh under a real Slurm of this one host, whose daemons (munged, slurmctld, slurmd)
# run in a temporary folder: a job array and its merge; two of each where there is a pilot; a time limit of which the task is told, and one that
# strikes unannounced; a requeue. Bytes are those of an undisturbed sweep. Some minutes, as Slurm's limits are
# minutes; needs root. `make check-slurm`.
. "$srcdir/tests/sweep_files.sh"
chmod 755 "$work"
[ "$(id -u)" = 0 ] || { echo '1..0 # SKIP only root can start the daemons of Slurm'; exit 0; }
[ -e "$failing" ] || { echo '1..0 # SKIP no library can be preloaded here'; exit 0; }
for daemon in munged slurmctld slurmd; do
    command -v $daemon >/dev/null ||
        { echo "1..0 # SKIP there is no $daemon (Debian: slurm-wlm, munge)"; exit 0; }
done

# ---- one host's Slurm
port=$((20000 + $$ % 20000))
host=$(hostname -s)
mkdir state spool
head -c 1024 /dev/urandom >munge.key
chmod 400 munge.key
cat >slurm.conf <<EOF2
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmctldPort=$port
SlurmdPort=$((port + 1))
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$work/munge.socket,cred_expire=5
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
MailProg=/bin/true
KillWait=5
MinJobAge=3600
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=8 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
EOF2
export SLURM_CONF="$work/slurm.conf"

stop() {
    for pid in slurmd slurmctld munged; do
        [ -s $pid.pid ] && kill "$(cat $pid.pid)" 2>/dev/null
    done
    sleep 2
    rm -rf "$work"
}
trap stop EXIT
munged --key-file="$work/munge.key" --socket="$work/munge.socket" --pid-file="$work/munged.pid" \
    --log-file="$work/munged.log" --seed-file="$work/munge.seed" --force >out 2>err &&
    slurmctld >>out 2>>err && slurmd >>out 2>>err
for try in $(seq 30); do
    sinfo -h -o %T 2>/dev/null | grep -qE 'idle' && break
    sleep 1
done

echo 1..7
sinfo -h -o %T 2>>err | grep -q idle || { tail -n 20 slurmctld.log slurmd.log munged.log >>err; false; }
ok 'Slurm runs on this host'
[ $failed -eq 0 ] || exit 1

# ---- sweeps
sweep_of 'market.beta: [0.1, 0.2]' 'replications: 20' >grid.yaml
# of two shards each writes its trials in more than a minute, as it waits at each, whatever the machine
sed 's/20/1500/' grid.yaml >long.yaml
mkdir slow
cat >slow/gridbourse <<EOF2
#!/bin/sh
[ "\$1" = merge ] || export GB_FAIL=write:own:1+:WAIT LD_PRELOAD='$failing'
exec '$(command -v gridbourse)' "\$@"
EOF2
chmod +x slow/gridbourse
submit() { "$srcdir/experiments/cluster/slurm.sh" "$@" >out 2>err; }
submit_slow() { (PATH=$work/slow:$PATH && submit "$@"); }

# number WORD: of the job of which the last submission said that it does this
number() { sed -n "s/.*job \([0-9]*\) $1.*/\1/p" out; }
# gone JOB: waits until a job, and all tasks of it, have left the queue
gone() { while [ -n "$(squeue -h -j "$1" 2>/dev/null)" ]; do sleep 1; done; }
# restarts JOB: how often it was put into the queue again
restarts() { scontrol -o show job "$1" | grep -oE 'Restarts=[0-9]+' | cut -d= -f2; }
has_begun() { [ "$(bytes_of "$1")" -gt 50000 ]; }
until_begun() { until has_begun "$1"; do sleep 0.2; done; }

gridbourse sweep grid.yaml -q -o whole.h5
submit grid.yaml array.h5 3 && gone "$(number merges)"
cmp array.h5 whole.h5 >>err 2>&1
ok 'a job array and the merge behind it come to the bytes of the whole'
sweep_of 'market.beta: [0.1, 0.2]' 'until: {kpi: saving, half_width: 0.05, pilot: 30, max: 90}' >until.yaml
gridbourse sweep until.yaml -q -o until.h5
submit until.yaml two.h5 2 && gone "$(number 'merges them into two.h5')"
[ "$(wc -l <out)" -eq 2 ] && [ -e two.pilot.h5 ] && cmp two.h5 until.h5 >>err 2>&1
ok 'so do, with `until`, those of the pilot and of all behind each other'

gridbourse sweep long.yaml -q --restart -o whole.h5
# One that is told half a minute before its limit, and of whose tasks the second is put back by hand meanwhile;
# and one whose limit strikes unannounced, which is submitted again.
submit_slow long.yaml told.h5 2 --time=1 --signal=B:USR1@20
told=$(number runs) merges=$(number merges)
submit_slow long.yaml struck.h5 2 --time=1 --signal=B:CONT@1
struck=$(number runs) never=$(number merges)
until_begun told.shard-2-of-2.h5.journal
scontrol requeue "${told}_2" 2>>err
begun=$?
gone "$struck"
scontrol -o show job "$struck" | grep -o 'JobState=[A-Z]*' | sort -u >states
gone "$never"
grep -qx JobState=TIMEOUT states && has_begun struck.shard-1-of-2.h5.journal && [ ! -e struck.h5 ]
ok 'a time limit that strikes unannounced leaves what is finished in the journal, and nothing is merged'
submit long.yaml struck.h5 2 --time=30
again=$(number merges)
gone "$merges"
[ "$(restarts "${told}_1")" -ge 1 ] && cmp told.h5 whole.h5 >>err 2>&1
ok 'tasks that are told of their time limit go into the queue again until all is finished and merged'
[ $begun -eq 0 ] && [ "$(restarts "${told}_2")" -ge 1 ]
ok 'so does one that is put back by hand'
gone "$again"
cmp struck.h5 whole.h5 >>err 2>&1
ok 'the same call again finishes what the time limit cut off'
exit $failed
