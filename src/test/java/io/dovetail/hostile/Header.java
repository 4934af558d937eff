package io.dovetail.hostile;

/** A name and a value beside a body, whatever a door calls them. */
record Header(String name, String value) {

    @Override
    public String toString() {
        return name + ": " + value;
    }
}
