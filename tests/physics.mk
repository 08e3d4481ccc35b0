# tests of physics
