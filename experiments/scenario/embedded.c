#include "experiments/scenario/embedded.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

const struct gb_embedded_file *gb_embedded_find(const struct gb_embedded *embedded,
                                                const char *name)
{
    for (size_t i = 0; i < embedded->n; i++)
        if (strcmp(embedded->files[i].name, name) == 0)
            return &embedded->files[i];
    return NULL;
}

enum gb_status gb_embedded_add(struct gb_embedded *embedded, const char *name, const char *text,
                               size_t length, struct gb_error *err)
{
    struct gb_embedded_file file = {strdup(name), malloc(length + 1), length};
    struct gb_embedded_file *files =
        gb_array_resize(embedded->files, embedded->n + 1, sizeof *files);

    if (files)
        embedded->files = files;
    if (!files || !file.name || !file.text) {
        free(file.name);
        free(file.text);
        return gb_fail(err, GB_ENOMEM, "no memory for the text of '%s'", name);
    }
    memcpy(file.text, text, length);
    file.text[length] = '\0';
    embedded->files[embedded->n++] = file;
    return GB_OK;
}

void gb_embedded_clear(struct gb_embedded *embedded)
{
    for (size_t i = 0; i < embedded->n; i++) {
        free(embedded->files[i].name);
        free(embedded->files[i].text);
    }
    free(embedded->files);
    *embedded = (struct gb_embedded){0};
}
