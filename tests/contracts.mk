# tests of contracts
