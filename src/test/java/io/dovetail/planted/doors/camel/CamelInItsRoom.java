package io.dovetail.planted.doors.camel;

import org.apache.camel.CamelContext;

class CamelInItsRoom {
    String nameOf(CamelContext context) {
        return context.getName();
    }
}
