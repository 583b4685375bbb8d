/* Finds frames in what a connection brings, and keeps how long each was on its way.
 *
 * A frame is known by the moment at which it was posted: |, 17 digits of nanoseconds of the
 * monotonic clock, |. It counts when the second bar has arrived.
 */
#include "clocks.h"

#include <string.h>

enum { DIGITS = 17, BUCKETS = 2000000, BUCKET_NS = 10000 };

struct frames {
    int64_t count;
    int64_t mark; /* as far as it has been read */
    int digits;   /* of it; -1 outside of a mark */
};

static uint32_t delays[BUCKETS];
static int64_t began, last_frame;

static void frame_came(struct frames *f, int64_t moment)
{
    f->count++;
    last_frame = moment;
    if (f->mark < began)
        return; /* posted before anything was measured */
    int64_t bucket = (moment - f->mark) / BUCKET_NS;
    delays[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
}

static void look_for_frames(struct frames *f, const char *at, const char *end)
{
    int64_t moment = now();
    while (at < end) {
        if (f->digits < 0) {
            at = memchr(at, '|', (size_t)(end - at));
            if (!at)
                return;
            f->mark = f->digits = 0;
            at++;
        } else if (f->digits < DIGITS && *at >= '0' && *at <= '9') {
            f->mark = f->mark * 10 + (*at++ - '0');
            f->digits++;
        } else {
            int whole = f->digits == DIGITS && *at == '|';
            f->digits = -1;
            if (whole) {
                frame_came(f, moment);
                at++;
            }
        }
    }
}

/* Milliseconds that a part of the frames needed at most. */
static double delay(double part)
{
    int64_t all = 0, seen = 0;
    for (int i = 0; i < BUCKETS; i++)
        all += delays[i];
    for (int i = 0; i < BUCKETS; i++) {
        seen += delays[i];
        if (seen > 0 && (double)seen >= part * (double)all)
            return (i + 0.5) * BUCKET_NS / 1e6;
    }
    return 0;
}
