/** A room that says it uses no other, and does. */
@ApplicationModule(allowedDependencies = {})
package io.dovetail.planted.rooms.first;

import org.springframework.modulith.ApplicationModule;
