"""The words that a line of one's own may use beside the names of the program."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTIONS = _words("abs float int len max min pow round sum")

ARITHMETIC = _words(
    "abs add sub mul div neg pow square sqrt rsqrt reciprocal exp expm1 log log1p log2 log10 sin cos tan tanh sigmoid "
    "relu sign clamp clip round floor ceil trunc sum mean std var median prod norm min max maximum minimum amin amax "
    "argmin argmax cumsum dot inner matmul mm mv vdot addmm lerp where isnan isfinite nan_to_num t transpose reshape "
    "flatten squeeze unsqueeze flip sort numel"
)
"""What torch and its tensors have in common."""

TORCH = ARITHMETIC | _words("tensor zeros_like ones_like full_like stack cat")

LOSSES = _words("mse_loss l1_loss smooth_l1_loss huber_loss")
"""What may be called as torch.nn.functional.mse_loss."""

TENSOR = ARITHMETIC | _words(
    "T mT grad data shape ndim size dim item float double detach clone view view_as reshape_as backward zero_ fill_ "
    "copy_ add_ sub_ mul_ div_ neg_ clamp_ pow_"
)

OPTIMIZER = _words("zero_grad step")

KEYWORDS = _words("dim keepdim min max alpha correction unbiased retain_graph set_to_none dims p ord")

OPTIMIZERS = ("SGD", "Adam", "AdamW", "NAdam", "RAdam", "Adagrad", "Adadelta", "RMSprop", "Adamax")
