/** Classes that break the rules of the house on purpose, so that the tests of those rules are seen to fail. */
package io.dovetail.planted;
