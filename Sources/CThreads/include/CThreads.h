// No calls: a program that is linked with this target waits as waiting.c says.
#pragma once
