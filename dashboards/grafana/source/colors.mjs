/** One colour for one meaning, on every dashboard. Names of Grafana's palette: each theme has its own shade. */

export const kGood = 'green';
export const kWarning = 'orange';
export const kBad = 'red';
export const kNeutral = 'blue';

/** Of what is shown by state, outcome or flow. */
export const kSeriesColors = {
  waiting: 'blue',
  prioritized: 'dark-blue',
  paused: 'yellow',
  active: 'green',
  delayed: 'purple',
  'waiting-children': 'super-light-blue',
  completed: 'semi-dark-green',
  failed: 'red',
  added: 'blue',
};
