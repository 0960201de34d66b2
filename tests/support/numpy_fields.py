"""Fields to move in, written in NumPy, whose derivatives are complex steps: they compile nothing."""

import numpy as np

from magneton.orbits.fields.base import OrbitField

STEP = 1e-30


class NumpyField(OrbitField):
    """A field from functions (x, y, z, t) -> three components that are analytic."""

    def __init__(self, B, E=None, A=None, scale=1.0):
        self._B, self._A, self.scale = B, A, scale
        self._E = E or (lambda x, y, z, t: (0 * x, 0 * x, 0 * x))
        self.electric = E is not None

    def _call(self, function, points, t, column=None):
        points = np.asarray(points, dtype=complex)
        axes = [*np.moveaxis(points, -1, 0), np.broadcast_to(t, points.shape[:-1]).astype(complex)]
        if column is not None:
            axes[column] = axes[column] + 1j * STEP * self.scale
        values = [np.broadcast_to(f, points.shape[:-1]) for f in function(*axes)]
        result = np.stack(values, axis=-1)
        return result.real if column is None else result.imag / (STEP * self.scale)

    def B(self, points, t=0.0):
        return self._call(self._B, points, t)

    def E(self, points, t=0.0):
        return self._call(self._E, points, t)

    def A(self, points, t=0.0):
        return self._call(self._A, points, t)

    def derivatives(self, points, t=0.0):
        grad = {}
        for name, function in (("B", self._B), ("E", self._E)):
            grad[name] = self._call(function, points, t)
            columns = [self._call(function, points, t, k) for k in range(4)]
            grad[f"grad_{name}"] = np.stack(columns[:3], axis=-1)
            grad[f"d{name}_dt"] = columns[3]
        return grad


def march(field, ratio, position, velocity, dt, steps, every):
    """Return times, positions and velocities of charges by the classical Runge-Kutta method; `ratio` is q/m."""
    c = 299792458.0

    def slow(u):
        return u / np.sqrt(1.0 + np.sum(u * u, axis=-1, keepdims=True) / c**2)

    def rates(x, u, t):
        v = slow(u)
        force = np.cross(v, field.B(x, t))
        return v, ratio * (force + field.E(x, t) if field.electric else force)

    x, v = np.array(position, dtype=float), np.array(velocity, dtype=float)
    u = v / np.sqrt(1.0 - np.sum(v * v, axis=-1, keepdims=True) / c**2)
    samples = []
    for step in range(steps + 1):
        t = step * dt
        if step % every == 0:
            samples.append((np.full(x.shape[:-1], t), x, slow(u)))
        k1 = rates(x, u, t)
        k2 = rates(x + dt / 2 * k1[0], u + dt / 2 * k1[1], t + dt / 2)
        k3 = rates(x + dt / 2 * k2[0], u + dt / 2 * k2[1], t + dt / 2)
        k4 = rates(x + dt * k3[0], u + dt * k3[1], t + dt)
        x = x + dt / 6 * (k1[0] + 2 * k2[0] + 2 * k3[0] + k4[0])
        u = u + dt / 6 * (k1[1] + 2 * k2[1] + 2 * k3[1] + k4[1])
    return tuple(np.array(column) for column in zip(*samples, strict=True))
