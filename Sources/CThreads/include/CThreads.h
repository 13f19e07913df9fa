// No calls: preinit.c says what happens before a program that is linked with this target begins.
#pragma once
