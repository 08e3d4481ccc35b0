# For tests that compute in Python, by `. "$srcdir/tests/python.sh"`: the interpreter in $python, the
# system's before any other.
python=/usr/bin/python3
command -v "$python" >/dev/null 2>&1 || python=python3

# Ends a test as skipped where that has no numpy and h5py.
need_h5py() {
    "$python" -c 'import numpy, h5py' 2>/dev/null && return
    echo '1..0 # SKIP no Python with numpy and h5py here'
    exit 0
}
