# tests of microgrid
