/* What a sweep costs beside its trials: cores that are kept busy, the result's size, memory; a
 * trial under the ranks of MPI; and what is made of a result of many trials. Processes are the
 * program itself, ./gridbourse; GB_BENCH_REPLICATIONS: of the sweep over sizes, 30 for all of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/program.h"
#include "bench/report.h"
#include "experiments/sweep/ranks.h"

#define RANK_TRIALS 10000
#define PAIRED_TRIALS 100000

static char folder[] = "/tmp/bench_sweep.XXXXXX";
static char scenario_path[64], sweep_path[64], result_path[64], figures_path[64];

static void report(const char *name, double value, const char *unit, double target,
                   const char *holds)
{
    gb_bench_report(&(struct gb_bench_row){name, value, unit, target, holds});
}

static void write_files(const char *scenario, const char *vary, long replications)
{
    gb_bench_write(scenario_path, "format: 1\nchain.protocol: ideal\n%s", scenario);
    gb_bench_write(sweep_path, "format: 1\nscenario: %s\nreplications: %ld\nvary: {%s}\n",
                   scenario_path, replications, vary);
}

/* A sweep by one process of so many threads, or under an mpirun. */
static struct gb_bench_taken run_sweep(const char *threads)
{
    return gb_bench_run((const char *const[]){"./gridbourse", "sweep", sweep_path, "--quiet",
                                              "--restart", "-o", result_path, "--threads", threads,
                                              NULL});
}

static double size_of_result(void)
{
    struct stat about = {0};

    stat(result_path, &about);
    return (double)about.st_size;
}

/* Idle threads sleep, so that only work is counted. */
static void measure_sizes(void)
{
    const char *text = getenv("GB_BENCH_REPLICATIONS");
    long n = text ? strtol(text, NULL, 10) : 1;
    char holds[128];

    write_files("", "market.beta: 0:1:0.05, meters.count: [10, 100, 1000, 10000]", n);
    setenv("OMP_WAIT_POLICY", "passive", 1);
    struct gb_bench_taken taken = run_sweep("2");
    snprintf(holds, sizeof holds,
             "21 betas, sizes 10 to 10000, %ld of 30 replications: %.1f s of CPU in %.1f s", n,
             taken.cpu_s, taken.wall_s);
    report("sweep of 84 cells: both cores are wanted", 100 * taken.wanting_s / taken.wall_s / 2,
           "%", 90, holds);
    report("sweep of 84 cells: its result", size_of_result() / 1e6, "MB", 20,
           "of the same sweep, at output.level summary");
    report("sweep of 84 cells: memory", taken.peak_bytes / 1e6, "MB", 200,
           "of the whole process, at its peak");
}

/* CPU time of n trials in three ranks and mpirun itself, s. */
static double under_mpirun(const char *library, long n)
{
    const char *name = getenv("MPIRUN");
    bool is_open = strstr(library, "Open") != NULL;

    write_files("meters.count: 4\nslots: 2\n", "market.beta: [0.1, 0.2]", n / 2);
    return gb_bench_run((const char *const[]){name      ? name
                                              : is_open ? "mpirun.openmpi"
                                                        : "mpirun.mpich",
                                              "-n", "3", "./gridbourse", "sweep", sweep_path,
                                              "--quiet", "--restart", "-o", result_path, NULL})
        .cpu_s;
}

static double in_one_process(long n)
{
    write_files("meters.count: 4\nslots: 2\n", "market.beta: [0.1, 0.2]", n / 2);
    return run_sweep("1").cpu_s;
}

static void measure_ranks(void)
{
    const char *name = "sweep in 3 ranks of MPI: more than in one process, a trial";
    char library[128], holds[256];

    if (strcmp(gb_ranks_library(library, sizeof library), "no") == 0) {
        printf("%-64s not measured: configure --with-mpi\n", name);
        return;
    }
    setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 1);
    setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1", 1);
    setenv("OMPI_MCA_rmaps_base_oversubscribe", "1", 1);
    double ranks = under_mpirun(library, RANK_TRIALS) - under_mpirun(library, RANK_TRIALS / 10);
    double alone = in_one_process(RANK_TRIALS) - in_one_process(RANK_TRIALS / 10);
    snprintf(holds, sizeof holds,
             "%s: CPU time of mpirun and all ranks, of %d trials less that of a tenth of them",
             library, RANK_TRIALS);
    report(name, 1e6 * (ranks - alone) / (0.9 * RANK_TRIALS), "us", 50, holds);
}

static void measure_comparison(void)
{
    const char *const against[] = {"./gridbourse", "compare",         result_path,
                                   "--against",    "market.beta=0.1", NULL};
    const char *const figures[] = {"./gridbourse", "figures",    result_path,
                                   "-d",           figures_path, NULL};
    char command[128];

    write_files("meters.count: 1\nslots: 1\nslot: 24 h\n", "market.beta: [0.1, 0.2]",
                PAIRED_TRIALS / 2);
    run_sweep("2");
    report("compare --against, 1e5 trials", gb_bench_run(against).cpu_s, "s", 1,
           "CPU time of the process: reading, pairing, every key figure");
    gb_bench_run(figures);
    report("figures of 1e5 trials, unchanged", gb_bench_run(figures).cpu_s, "s", 1,
           "CPU time of the process and of gnuplot, where it is called");
    snprintf(command, sizeof command, "rm -r '%s'", figures_path);
    if (system(command) != 0)
        fprintf(stderr, "bench_sweep: '%s' stays\n", figures_path);
}

int main(void)
{
    if (!mkdtemp(folder)) {
        perror("bench_sweep");
        return 1;
    }
    snprintf(scenario_path, sizeof scenario_path, "%s/s.yaml", folder);
    snprintf(sweep_path, sizeof sweep_path, "%s/sweep.yaml", folder);
    snprintf(result_path, sizeof result_path, "%s/r.h5", folder);
    snprintf(figures_path, sizeof figures_path, "%s/figures", folder);
    measure_sizes();
    measure_ranks();
    measure_comparison();
    unlink(scenario_path);
    unlink(sweep_path);
    unlink(result_path);
    rmdir(folder);
    return 0;
}
