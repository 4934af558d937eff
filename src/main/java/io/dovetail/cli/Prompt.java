package io.dovetail.cli;

/** Asks the person at the terminal for what must not stand on it. */
@FunctionalInterface
interface Prompt {

    /**
     * One line, without its end.
     *
     * @throws NotDoneException when there is nobody to ask
     */
    String secret(String question);
}
