/* The inverse of the normal distribution as ratios of polynomials, for one number and for arrays.
 * source  M. J. Wichura, Algorithm AS 241: the percentage points of the normal distribution,
 *         Applied Statistics 37 (1988), PPND16 */
#ifndef BASE_NORMAL_PRIV_H
#define BASE_NORMAL_PRIV_H

struct gb_ratio {
    double above, below;
};

/* Where both tails begin: that far from a probability of 1/2. */
#define GB_NORMAL_CENTRAL 0.425
/* Where the far tails begin, which take another ratio: sqrt(-ln(probability)). */
#define GB_NORMAL_FAR 5.0

/* Of the centre: the normal is q times the ratio, q the probability less 1/2. */
static inline struct gb_ratio gb_central_ratio(double q)
{
    double r = 0.180625 - q * q;
    double p = 2.5090809287301226727e+3 * r + 3.3430575583588128105e+4;
    double s = 5.2264952788528545610e+3 * r + 2.8729085735721942674e+4;

    p = p * r + 6.7265770927008700853e+4;
    p = p * r + 4.5921953931549871457e+4;
    p = p * r + 1.3731693765509461125e+4;
    p = p * r + 1.9715909503065514427e+3;
    p = p * r + 1.3314166789178437745e+2;
    p = p * r + 3.3871328727963666080e+0;
    s = s * r + 3.9307895800092710610e+4;
    s = s * r + 2.1213794301586595867e+4;
    s = s * r + 5.3941960214247511077e+3;
    s = s * r + 6.8718700749205790830e+2;
    s = s * r + 4.2313330701600911252e+1;
    s = s * r + 1;
    return (struct gb_ratio){p, s};
}

/* Of a tail: the upper normal is the ratio. root: sqrt(-ln(probability)), up to GB_NORMAL_FAR */
static inline struct gb_ratio gb_tail_ratio(double root)
{
    double r = root - 1.6;
    double p = 7.74545014278341407640e-4 * r + 2.27238449892691845833e-2;
    double s = 1.05075007164441684324e-9 * r + 5.47593808499534494600e-4;

    p = p * r + 2.41780725177450611770e-1;
    p = p * r + 1.27045825245236838258e+0;
    p = p * r + 3.64784832476320460504e+0;
    p = p * r + 5.76949722146069140550e+0;
    p = p * r + 4.63033784615654529590e+0;
    p = p * r + 1.42343711074968357734e+0;
    s = s * r + 1.51986665636164571966e-2;
    s = s * r + 1.48103976427480074590e-1;
    s = s * r + 6.89767334985100004550e-1;
    s = s * r + 1.67638483018380384940e+0;
    s = s * r + 2.05319162663775882187e+0;
    s = s * r + 1;
    return (struct gb_ratio){p, s};
}

#endif
