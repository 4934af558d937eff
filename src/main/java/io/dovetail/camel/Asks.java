package io.dovetail.camel;

import io.dovetail.call.Caller;

/** What a route is run with ({@link HubRoute#run}) when its steps may ask other systems. */
public interface Asks {

    Caller caller();
}
