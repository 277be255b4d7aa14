/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_DIGEST_JSON_H
#define PFTOP_DIGEST_JSON_H

#include <jansson.h>

#include "digest.h"

json_t *digest_heatmaps(struct digest *digest);
bool digest_folded(struct digest *digest, FILE *file);
void digest_json(struct digest *digest, FILE *file, bool *failed);

#endif /* PFTOP_DIGEST_JSON_H */
