/** What Redis itself has spent: CPU from INFO cpu, calls from INFO commandstats. */

export async function redisCost(redis) {
  const field = (text, name) => Number(new RegExp(`^${name}:([0-9.]+)`, 'm').exec(text)[1]);
  const cpu = await redis.info('cpu');
  const stats = await redis.info('commandstats');
  let calls = 0;
  let usec = 0;
  for (const [, callsOf, usecOf] of stats.matchAll(/:calls=(\d+),usec=(\d+)/g)) {
    calls += Number(callsOf);
    usec += Number(usecOf);
  }
  return { cpuSeconds: field(cpu, 'used_cpu_user') + field(cpu, 'used_cpu_sys'), calls,
    commandSeconds: usec / 1e6 };
}
