"""One Python with numpy and h5py for all that a test in the shell computes: importing them takes longer than most of
it. Says "ready FOLDER", then answers each request of tests/python.sh by the status of what was asked for,
which has run in a process of its own; what that said stands in FOLDER/out and FOLDER/err.

A request is texts that end with NUL: how many words there are, the folder to be in, the words as python3 takes
them: SCRIPT ARGUMENT ..., or -c PROGRAM ARGUMENT ...
"""
import os
import runpy
import shutil
import sys
import tempfile
import traceback

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import h5py  # noqa: E402,F401
import numpy  # noqa: E402,F401


def redirect(path, flags, *numbers):
    file = os.open(path, flags, 0o600)
    for number in numbers:
        os.dup2(file, number)


def run(words):
    """The status of a program, as python3 would end with."""
    try:
        sys.argv = words
        if words[0] == "-c":
            sys.argv = ["-c"] + words[2:]
            sys.path.insert(0, "")
            exec(compile(words[1], "<string>", "exec"), {"__name__": "__main__"})
        else:
            sys.path.insert(0, os.path.dirname(os.path.abspath(words[0])))
            runpy.run_path(words[0], run_name="__main__")
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def answer(folder, place, words, out):
    """Runs the words there, in a process of its own."""
    write = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    child = os.fork()
    if child == 0:
        redirect("/dev/null", os.O_RDONLY, 0)
        redirect(os.path.join(folder, "out"), write, 1)
        redirect(os.path.join(folder, "err"), write, 2)
        os.chdir(place)
        status = run(words)
        try:
            sys.stdout.flush()
        except OSError:
            status = 120
        sys.stderr.flush()
        os._exit(status & 255)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.write(out, f"{code if code >= 0 else 128 - code}\n".encode())


def texts(file):
    """Texts that end with NUL, one after the other."""
    rest = b""
    while True:
        more = os.read(file, 65536)
        if not more:
            return
        *whole, rest = (rest + more).split(b"\0")
        for text in whole:
            yield os.fsdecode(text)


def main():
    folder = tempfile.mkdtemp()
    try:
        os.write(1, f"ready {folder}\n".encode())
        given = texts(0)
        for n in given:
            place = next(given)
            answer(folder, place, [next(given) for _ in range(int(n))], 1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
