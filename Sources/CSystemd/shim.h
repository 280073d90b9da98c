// Without it sd_journal_sendv(3) is a macro that adds the place in the source.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>
