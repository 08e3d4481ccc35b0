#!/bin/sh
# A strategy as a process, without an interpreter that might not be there: quotes every reserve as it
# stands, as `truthful` does.
exec sed -nu -e 's/.*"type":"reset".*/{"id":0}/p' \
    -e 's/.*"type":"quote","id":\([0-9]*\),.*"reserve":\[\([^]]*\)\].*/{"id":\1,"quote":[\2]}/p' \
    -e 's/.*"type":"requote","id":\([0-9]*\),.*"standing":\[\([^]]*\)\].*/{"id":\1,"quote":[\2]}/p'
