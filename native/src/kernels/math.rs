//! exp, log and related functions. Same operations as kernels/math.ts. The polynomials come from
//! scripts/derive-polynomials.py.
use crate::vector::Vector;

const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -0.00021219444;
const GELU_CUBIC: f32 = 0.07135481627;
const GELU_LINEAR: f32 = 1.5957691216;
const GELU_SLOPE: f32 = 0.2140644488;

const EXP: [f32; 5] = [0.0013950492, 0.00836889, 0.041666206, 0.16666518, 0.5];
const LOG: [f32; 9] = [
    0.0674664, -0.11675652, 0.11888162, -0.12405589, 0.14219552, -0.16667996, 0.20002119, -0.2500001,
    0.33333313,
];
const TANH: [f32; 5] = [-0.005717045, 0.020650588, -0.053743497, 0.13331491, -0.33333284];

/// Upper tail of the standard normal distribution: Q(z) = e^(-z^2 / 2) t P(t), t = 1 / (1 + z / 2).
const TAIL: [f32; 10] = [
    -0.024837425, 0.18896718, -0.58310086, 0.92067266, -0.72054595, 0.1669586, -0.0036542006, 0.15716802,
    0.19888152, 0.19949047,
];
/// Above this, e^(-z^2 / 2) is below the smallest float32.
const TAIL_END: f32 = 14.0;
/// 1 / sqrt(2 pi)
const DENSITY: f32 = 0.39894228;

/// Horner's rule with separate roundings.
#[inline(always)]
pub unsafe fn polynomial<V: Vector>(coefficients: &[f32], x: V) -> V {
    unsafe {
        let mut p = V::splat(coefficients[0]);
        for &c in &coefficients[1..] {
            p = p.mul(x).add(V::splat(c));
        }
        p
    }
}

/// e^x. Subnormal results, overflow to infinity and NaN follow IEEE arithmetic.
#[inline(always)]
pub unsafe fn exp<V: Vector>(x: V) -> V {
    unsafe {
        let round = V::splat(12582912.0);
        let bounded = x.pmin(V::splat(89.0)).pmax(V::splat(-104.0));
        let shifted = bounded.mul(V::splat(1.44269504)).add(round);
        let n = shifted.sub(round);
        let r = bounded.sub(n.mul(V::splat(LN2_HIGH))).sub(n.mul(V::splat(LN2_LOW)));
        let p = polynomial(&EXP, r);
        let p = r.mul(r).mul(p).add(r).add(V::splat(1.0));
        // 2^n as two factors, so that n = 128 and subnormal results work.
        let i = shifted.sub_int(V::splat_int(0x4b40_0000));
        let half = i.shift_right::<1>();
        let one = V::splat_int(127);
        let first = half.add_int(one).shift_left::<23>();
        let second = i.sub_int(half).add_int(one).shift_left::<23>();
        p.mul(first).mul(second)
    }
}

/// log(1 + f) + e ln 2 for f in [sqrt(1/2) - 1, sqrt(2) - 1].
#[inline(always)]
pub unsafe fn log_of_parts<V: Vector>(f: V, e: V) -> V {
    unsafe {
        let p = polynomial(&LOG, f);
        let z = f.mul(f);
        let y = f.mul(z).mul(p);
        let y = y.add(e.mul(V::splat(LN2_LOW)));
        let y = y.sub(z.mul(V::splat(0.5)));
        f.add(y).add(e.mul(V::splat(LN2_HIGH)))
    }
}

/// Natural logarithm: -infinity at 0, NaN below.
#[inline(always)]
pub unsafe fn log<V: Vector>(x: V) -> V {
    unsafe {
        let zero = V::zero();
        let tiny = x.lt(V::splat(1.17549435e-38));
        let scaled = V::select(tiny, x.mul(V::splat(8388608.0)), x);
        let exponent = scaled.sub_int(V::splat_int(0x3f35_04f3)).shift_right::<23>();
        let mantissa = scaled.sub_int(exponent.shift_left::<23>());
        let e = exponent.from_int().sub(V::splat(23.0).keep(tiny));
        let result = log_of_parts(mantissa.sub(V::splat(1.0)), e);
        let result = V::select(x.lt(V::splat(f32::INFINITY)), result, x);
        let result = V::select(x.lt(zero), V::splat(f32::NAN), result);
        V::select(x.equal(zero), V::splat(f32::NEG_INFINITY), result)
    }
}

/// log(1 + y) for y in [0, 1]. The reduction is exact: 1 + y is never rounded.
#[inline(always)]
unsafe fn log_one_plus<V: Vector>(y: V) -> V {
    unsafe {
        let one = V::splat(1.0);
        let large = V::splat(0.41421356).lt(y);
        let f = V::select(large, y.sub(one).mul(V::splat(0.5)), y);
        log_of_parts(f, one.keep(large))
    }
}

/// log(1 + e^x) = max(x, 0) + log(1 + e^-|x|).
#[inline(always)]
pub unsafe fn softplus<V: Vector>(x: V) -> V {
    unsafe {
        let e = exp(x.abs().neg());
        x.maximum(V::zero()).add(log_one_plus(e))
    }
}

/// 1 / (1 + e^-x) without overflow.
#[inline(always)]
pub unsafe fn sigmoid<V: Vector>(x: V) -> V {
    unsafe {
        let one = V::splat(1.0);
        let e = exp(x.abs().neg());
        V::select(x.lt(V::zero()), e, one).div(one.add(e))
    }
}

#[inline(always)]
pub unsafe fn tanh<V: Vector>(x: V) -> V {
    unsafe {
        let (one, two) = (V::splat(1.0), V::splat(2.0));
        let a = x.abs();
        let z = x.mul(x);
        let near = x.add(x.mul(z).mul(polynomial(&TANH, z)));
        let e = exp(a.pmin(V::splat(10.0)).mul(two));
        let far = one.sub(two.div(e.add(one)));
        let signed = far.or(x.and(V::splat_int(i32::MIN)));
        V::select(a.lt(V::splat(0.625)), near, signed)
    }
}

/// sigmoid(2 sqrt(2/pi) (x + 0.044715 x^3)). The tanh form of gelu is x times this.
#[inline(always)]
pub unsafe fn gelu_gate<V: Vector>(x: V) -> V {
    unsafe {
        let cubic = x.mul(x).mul(x).mul(V::splat(GELU_CUBIC));
        sigmoid(x.mul(V::splat(GELU_LINEAR)).add(cubic))
    }
}

/// Derivative of gelu.
#[inline(always)]
pub unsafe fn gelu_slope<V: Vector>(x: V) -> V {
    unsafe {
        // Above 20, the second term is zero, and x^2 must not overflow.
        let b = x.pmin(V::splat(20.0)).pmax(V::splat(-20.0));
        let s = gelu_gate(b);
        let inner = V::splat(GELU_LINEAR).add(b.mul(b).mul(V::splat(GELU_SLOPE)));
        let spread = s.mul(V::splat(1.0).sub(s));
        s.add(b.mul(spread).mul(inner))
    }
}

/// e^(-z^2 / 2) for z = |x|, at most TAIL_END.
#[inline(always)]
unsafe fn bell<V: Vector>(x: V) -> V {
    unsafe {
        let z = x.abs().pmin(V::splat(TAIL_END));
        exp(z.mul(z).mul(V::splat(0.5)).neg())
    }
}

/// Probability that a standard normal variable is at most x, given e^(-x^2 / 2). No tail cancels.
#[inline(always)]
unsafe fn normal_cdf<V: Vector>(x: V, bell: V) -> V {
    unsafe {
        let one = V::splat(1.0);
        let z = x.abs().pmin(V::splat(TAIL_END));
        let t = one.div(one.add(z.mul(V::splat(0.5))));
        let tail = bell.mul(t.mul(polynomial(&TAIL, t)));
        V::select(x.lt(V::zero()), tail, one.sub(tail))
    }
}

/// gelu in its exact form: x times the normal distribution function.
#[inline(always)]
pub unsafe fn gelu_erf<V: Vector>(x: V) -> V {
    unsafe { x.mul(normal_cdf(x, bell(x))) }
}

/// Derivative of `gelu_erf`.
#[inline(always)]
pub unsafe fn gelu_erf_slope<V: Vector>(x: V) -> V {
    unsafe {
        let bell = bell(x);
        normal_cdf(x, bell).add(x.mul(bell.mul(V::splat(DENSITY))))
    }
}
