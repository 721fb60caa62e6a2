"""``override``, for type checkers alone: to mark a method, the rest of typing_extensions costs 2.5 ms at every start."""

# Type checkers take the name for typing's.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing_extensions import override as override
else:

    def override(method: object) -> object:
        """It takes the place of one of a class above."""
        return method
