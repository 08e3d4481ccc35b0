# tests of consensus
