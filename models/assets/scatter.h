/* Scatter of turbines about their curve. At one mean speed a turbine gives now more, now less than
 * its table: gusts, veer, shear and yaw that the speed does not tell.
 *
 * A power of mean p, per unit of the greatest, is taken from the Beta distribution of that mean
 * and of the standard deviation 2 s sqrt(p (1 - p)), s being that at half power. So it lies between
 * nothing and the greatest power, and its mean is the curve's. Ten-minute means of a turbine on
 * land scatter by s = 0.16 (within .15 to .17 from 6 to 10 m/s). */
#ifndef MODELS_ASSETS_SCATTER_H
#define MODELS_ASSETS_SCATTER_H

/* power    mean, per unit: 0 to 1
 * scatter  s, above 0 and below 0.5
 * uniform  a draw, 0 to 1 */
double gb_scattered_power(double power, double scatter, double uniform);

#endif
