package app;

class Plain {}
