/* What this program is: its version, and the revision of the source it was made from. */
#ifndef CLI_VERSION_H
#define CLI_VERSION_H

/* "0.1.0", and the revision as git names it ("-dirty" behind it when files were changed), or
 * "unknown". Static strings, for the provenance of results. */
const char *gb_version(void);
const char *gb_version_revision(void);

#endif
