package io.dovetail.planted.doors;

import org.springframework.web.bind.annotation.RestController;

@RestController
final class LostController {}
