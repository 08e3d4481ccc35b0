/* Texts as scalars of YAML that read back to the same bytes. */
#ifndef EXPERIMENTS_SCENARIO_YAML_WRITE_H
#define EXPERIMENTS_SCENARIO_YAML_WRITE_H

#include <stdio.h>

/* In double quotes, where YAML lets every character be written. */
void gb_yaml_write_quoted(FILE *out, const char *text);
/* As a block of lines behind `key: `, each indented by `indent` blanks, or in quotes where a block
 * would not give the text back. */
void gb_yaml_write_block(FILE *out, const char *text, int indent);
/* As lines of a comment, wrapped at blanks, behind `indent`. */
void gb_yaml_write_comment(FILE *out, const char *indent, const char *text);

#endif
