/**
 * camel-salesforce, which says what is asked of Salesforce and judges how it is answered, while somebody else carries both. Its
 * HTTP client, login and sessions are there for their form alone. The only package that sees it, or Jetty; of both, no
 * object is made before a route has a {@code salesforce:} step.
 */
@NullMarked
package io.dovetail.camel.salesforce;

import org.jspecify.annotations.NullMarked;
