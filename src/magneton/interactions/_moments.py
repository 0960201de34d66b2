"""Force, torque and energy on point moments and poles, compiled; and far-off bodies as clouds of moments."""

import math

import numpy as np

from magneton._jit import kernel
from magneton.kernels.clearance import field_grain
from magneton.kernels.field import field_B, field_grad
from magneton.numerics.quadrature import PANEL_NODES, PANEL_WEIGHTS
from magneton.sources.body import CIRCLE, SEGMENT, Body, Circuit

_EPS = 2.3e-16


@kernel
def _add(total, x, y, z, pivot, clearance, force, size, couple, energy, couple_size):
    """Add one point's force and couple to (values 7, scales 3, noise 3)."""
    rx, ry, rz = x - pivot[0], y - pivot[1], z - pivot[2]
    arm = math.sqrt(rx * rx + ry * ry + rz * rz)
    total[0] += force[0]
    total[1] += force[1]
    total[2] += force[2]
    total[3] += couple[0] + ry * force[2] - rz * force[1]
    total[4] += couple[1] + rz * force[0] - rx * force[2]
    total[5] += couple[2] + rx * force[1] - ry * force[0]
    total[6] += energy
    noise = _EPS * (12.0 + math.sqrt(x * x + y * y + z * z) / clearance)
    for q, scale in enumerate((size, arm * size + couple_size, couple_size)):
        total[7 + q] += scale
        total[10 + q] += scale * noise


@kernel
def add_moments(field, moments, positions, pivot, total):
    """Add force grad(m.B), torque m x B + (r - pivot) x F and energy -m.B of each moment."""
    g = np.empty(9)
    for i in range(len(moments)):
        x, y, z = positions[i, 0], positions[i, 1], positions[i, 2]
        mx, my, mz = moments[i, 0], moments[i, 1], moments[i, 2]
        bx, by, bz = field_B(field[0], field[1], field[2], x, y, z)
        field_grad(field[0], field[1], field[2], x, y, z, g)
        force = (
            mx * g[0] + my * g[3] + mz * g[6],
            mx * g[1] + my * g[4] + mz * g[7],
            mx * g[2] + my * g[5] + mz * g[8],
        )
        size = math.sqrt(mx * mx + my * my + mz * mz)
        flux = math.sqrt(bx * bx + by * by + bz * bz)
        couple = (my * bz - mz * by, mz * bx - mx * bz, mx * by - my * bx)
        clearance = field_grain(field[0], field[1], field[2], x, y, z)
        steep = size * math.sqrt(np.sum(g * g))
        energy = -(mx * bx + my * by + mz * bz)
        _add(total, x, y, z, pivot, clearance, force, steep, couple, energy, size * flux)


@kernel
def add_poles(field, poles, positions, pivot, total):
    """Add force p B and torque (r - pivot) x F of each pole; no energy."""
    for i in range(len(poles)):
        x, y, z = positions[i, 0], positions[i, 1], positions[i, 2]
        p = poles[i]
        bx, by, bz = field_B(field[0], field[1], field[2], x, y, z)
        size = abs(p) * math.sqrt(bx * bx + by * by + bz * bz)
        clearance = field_grain(field[0], field[1], field[2], x, y, z)
        _add(
            total, x, y, z, pivot, clearance, (p * bx, p * by, p * bz), size, (0.0, 0.0, 0.0), 0.0, 0.0
        )  # fmt: skip


@kernel
def add_charges(field, charges, positions, pivot, total):
    """Add force q v x B and torque (r - pivot) x F of each moving charge, rows of q v; no energy."""
    for i in range(len(charges)):
        x, y, z = positions[i, 0], positions[i, 1], positions[i, 2]
        jx, jy, jz = charges[i, 0], charges[i, 1], charges[i, 2]
        bx, by, bz = field_B(field[0], field[1], field[2], x, y, z)
        size = math.sqrt((jx * jx + jy * jy + jz * jz) * (bx * bx + by * by + bz * bz))
        force = (jy * bz - jz * by, jz * bx - jx * bz, jx * by - jy * bx)
        clearance = field_grain(field[0], field[1], field[2], x, y, z)
        _add(total, x, y, z, pivot, clearance, force, size, (0.0, 0.0, 0.0), 0.0, 0.0)


def needle(
    strength: float, south: np.ndarray, north: np.ndarray, panels: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return a pair of poles as point moments along the line between them (Gauss nodes on `panels` parts)."""
    t = ((np.arange(panels)[:, None] + 0.5 * (1.0 + PANEL_NODES)) / panels).ravel()
    weights = np.tile(0.5 * PANEL_WEIGHTS / panels, panels)
    line = north - south
    return strength * weights[:, None] * line, south + t[:, None] * line


def _disc(circuit: Circuit, degree: int) -> tuple[np.ndarray, np.ndarray]:
    centre, frame, radius = circuit.params[:3], circuit.params[3:12].reshape(3, 3), circuit.params[12]
    nodes, weights = np.polynomial.legendre.leggauss(degree // 2 + 1)
    s, w = 0.5 * (1.0 + nodes), 0.5 * weights
    count = degree + 1
    angle = 2.0 * math.pi * np.arange(count) / count
    ring = np.stack([np.cos(angle), np.sin(angle), np.zeros(count)], axis=1) @ frame.T
    points = centre + radius * s[:, None, None] * ring
    areas = (2.0 * math.pi / count) * radius**2 * (s * w)
    normals = np.broadcast_to(areas[:, None, None] * frame[:, 2], points.shape)
    return normals.reshape(-1, 3), points.reshape(-1, 3)


def _cone(rim: np.ndarray, steps: np.ndarray, apex: np.ndarray, degree: int) -> tuple[np.ndarray, np.ndarray]:
    """Return area vectors and points on the cone from `apex` over rim points with line elements `steps`."""
    nodes, weights = np.polynomial.legendre.leggauss(degree // 2 + 1)
    s, w = 0.5 * (1.0 + nodes), 0.5 * weights
    arms = rim - apex
    points = apex + s[:, None, None] * arms
    areas = (s * w)[:, None, None] * np.cross(arms, steps)
    return areas.reshape(-1, 3), points.reshape(-1, 3)


def _curve_rim(circuit: Circuit, degree: int) -> tuple[np.ndarray, np.ndarray]:
    centre, params = circuit.params[:3], circuit.params[3:]
    harmonics = int(params[0])
    coefficients = params[2 : 8 + 6 * harmonics].copy().view(complex).reshape(-1, 3)
    count = 2 * harmonics * (degree + 2)
    order = np.arange(harmonics + 1)
    waves = np.exp(2j * math.pi * np.outer(np.arange(count), order) / count)
    steps = np.real(waves @ (1j * order[:, None] * coefficients)) * (2.0 * math.pi / count)
    return centre + np.real(waves @ coefficients), steps


def _segment_rim(circuit: Circuit, degree: int) -> tuple[np.ndarray, np.ndarray]:
    nodes, weights = np.polynomial.legendre.leggauss(degree // 2 + 1)
    start, side = circuit.params[:3], circuit.params[3:6] - circuit.params[:3]
    return start + 0.5 * (1.0 + nodes[:, None]) * side, 0.5 * weights[:, None] * side


def circuits_as_moments(body: Body, degree: int) -> tuple[np.ndarray, np.ndarray]:
    """Return closed circuits as moments I dS on surfaces that they bound, and where these are.

    A current around a surface is a sheet of moments on it (Ampere). The nodes integrate polynomials of `degree`
    exactly, so that a field of distance d makes an error of (extent/d)^degree.
    """
    clouds = []
    for circuit in body.circuits:
        if circuit.kind == CIRCLE:
            areas, points = _disc(circuit, degree)
        else:
            rim = _segment_rim if circuit.kind == SEGMENT else _curve_rim
            areas, points = _cone(*rim(circuit, degree), body.position, degree)
        clouds.append((circuit.current * areas, points))
    return np.concatenate([c[0] for c in clouds]), np.concatenate([c[1] for c in clouds])
